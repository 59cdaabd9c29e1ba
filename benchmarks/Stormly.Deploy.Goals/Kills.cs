using System.Diagnostics;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Goals;

/// <summary>From kill -9 to "nobody is sent there any more", and to "the substitute serves".</summary>
internal static class Kills
{
    private static readonly TimeSpan OutOfRouting = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BeyondOwnStart = TimeSpan.FromMilliseconds(250);

    public static async Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var plugin = PluginFiles.Write(folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        var ownStart = await OwnStart.MeasureAsync(DummyPlugin.Command("serve --port {0}"), 20, cancellationToken);
        Console.WriteLine(ownStart);
        var (noticed, ready) = (new Figures("killed until out of routing"), new Figures("killed until a substitute is ready"));
        for (var number = 1; number <= count; number++)
        {
            // A fresh deployment each time: the back-off is for plugins that fail again and again, and is not what is measured here.
            await using var host = await HostApplication.StartAsync(folder.Sub($"state{number}"), cancellationToken);
            var victim = (await host.DeployAsync("dummy", plugin, instances: 3, cancellationToken)).Instances[0].Id;
            var gone = UntilAsync(host, now => now.Instances.All(instance => instance.Id != victim || instance.Phase != InstancePhase.Ready), cancellationToken);
            var healed = UntilAsync(host, now => now.ReadyInstances == 3 && now.Instances.All(instance => instance.Id != victim), cancellationToken);
            var began = Stopwatch.GetTimestamp();
            PluginProcesses.Kill(host.StateFolder, victim);
            noticed.Add(Stopwatch.GetElapsedTime(began, await gone));
            ready.Add(Stopwatch.GetElapsedTime(began, await healed));
        }

        Console.WriteLine(noticed);
        Console.WriteLine(ready);
        return noticed.Percentile(0.99) <= OutOfRouting.TotalMilliseconds
            && ready.Percentile(0.5) <= ownStart.Percentile(0.5) + BeyondOwnStart.TotalMilliseconds;
    }

    private static async Task<long> UntilAsync(HostApplication host, Func<DeploymentSnapshot, bool> condition, CancellationToken cancellationToken)
    {
        await host.UntilAsync("dummy", condition, cancellationToken);
        return Stopwatch.GetTimestamp();
    }
}
