using System.Diagnostics;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Goals;

/// <summary>From the moment at which a status path turns bad to "nobody is sent there any more", and on to "the substitute serves" (R3).</summary>
internal static class Sick
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Noticing = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BeyondOwnStart = TimeSpan.FromMilliseconds(250);
    private static readonly HttpClient Http = new();

    public static async Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var plugin = PluginFiles.Write(folder.Sub("plugin"), DummyPlugin.Command("serve --port 5000"));
        var ownStart = await OwnStart.MeasureAsync(DummyPlugin.Command("serve --port {0}"), 20, cancellationToken);
        Console.WriteLine($"status checks every {Interval.TotalSeconds} s, each at most {Timeout.TotalSeconds} s, one miss replaces");
        Console.WriteLine(ownStart);
        var good = true;
        foreach (var (kind, order, bound) in new[] { ("answers 500", "set-status?code=500", Interval), ("hangs", "set-status-delay?ms=600000", Interval + Timeout) })
        {
            var (noticed, replaced) = (new Figures($"status {kind}, until out of routing"), new Figures($"status {kind}, from then until a substitute is ready"));
            for (var number = 1; number <= count; number++)
            {
                await MeasureAsync(folder.Sub($"{order[..10]}{number}"), plugin, order, noticed, replaced, cancellationToken);
            }

            Console.WriteLine(noticed);
            Console.WriteLine(replaced);
            good &= noticed.Percentile(0.99) <= (bound + Noticing).TotalMilliseconds
                && replaced.Percentile(0.5) <= ownStart.Percentile(0.5) + BeyondOwnStart.TotalMilliseconds;
        }

        return good;
    }

    private static async Task MeasureAsync(string state, string plugin, string order, Figures noticed, Figures replaced, CancellationToken cancellationToken)
    {
        await using var host = await HostApplication.StartAsync(state, cancellationToken, options =>
        {
            (options.StatusCheck.Interval, options.StatusCheck.Timeout, options.StatusCheck.Misses) = (Interval, Timeout, 1);
            options.Stop.Grace = TimeSpan.FromSeconds(1);
        });
        var victim = (await host.DeployAsync("dummy", plugin, instances: 3, cancellationToken)).Instances[0];
        // At any moment between two checks.
        await Task.Delay(Interval * Random.Shared.NextDouble(), cancellationToken);
        var gone = UntilAsync(host, now => now.Instances.All(i => i.Id != victim.Id || i.Phase != InstancePhase.Ready), cancellationToken);
        var healed = UntilAsync(host, now => now.Instances.Count(i => i.Phase == InstancePhase.Ready && i.Id != victim.Id) == 3, cancellationToken);
        using (await Http.PostAsync(new Uri($"http://{victim.Address}/{order}"), null, cancellationToken))
        {
            var began = Stopwatch.GetTimestamp();
            noticed.Add(Stopwatch.GetElapsedTime(began, await gone));
            replaced.Add(Stopwatch.GetElapsedTime(await gone, await healed));
        }
    }

    private static async Task<long> UntilAsync(HostApplication host, Func<DeploymentSnapshot, bool> condition, CancellationToken cancellationToken)
    {
        await host.UntilAsync("dummy", condition, cancellationToken);
        return Stopwatch.GetTimestamp();
    }
}
