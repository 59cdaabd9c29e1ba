using System.Diagnostics;
using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Goals;

/// <summary>A plugin that served and then ends at each start: how often it is started, what that costs the host application, and when it is forgotten (R10).</summary>
internal static class CrashLoop
{
    private const int MostStarts = 7;
    private const double MostProcessor = 0.02;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(20);

    public static async Task<bool> RunAsync(int seconds, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var mark = Path.Combine(folder.FullName, "broken");
        var command = $": -p {{port}}; test ! -e '{mark}' || exit 3; {DummyPlugin.Command("serve --port {port}")}";
        var plugin = PluginFiles.Write(folder.Sub("plugin"), command);
        await using var host = await HostApplication.StartAsync(folder.Sub("state"), cancellationToken, options => options.BackOff.ForgottenAfter = Forgotten);
        await host.DeployAsync("dummy", plugin, instances: 1, cancellationToken);

        // What was compiled and read for the first time is not the crash loop's doing.
        await Task.Delay(Settling, cancellationToken);
        var (calm, since) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.Delay(Settling, cancellationToken);
        Console.WriteLine($"the host application takes {(Environment.CpuUsage.TotalTime - calm) / Stopwatch.GetElapsedTime(since):P2} of one processor while the plugin serves");

        await File.WriteAllTextAsync(mark, "", cancellationToken);
        var (own, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var from = DateTimeOffset.UtcNow;
        Kill(host);
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        var share = (Environment.CpuUsage.TotalTime - own) / Stopwatch.GetElapsedTime(began);
        var starts = host.Deployments.Get("dummy")!.Decisions.Where(d => d.Kind == DecisionKind.Start && d.At >= from).Select(d => (d.At - from).TotalSeconds).ToList();
        Console.WriteLine($"{starts.Count} starts within {seconds} s, at {string.Join(", ", starts.Select(s => s.ToString("0.0", CultureInfo.InvariantCulture)))} s");
        Console.WriteLine($"the host application took {share:P2} of one processor meanwhile");

        File.Delete(mark);
        await host.UntilAsync("dummy", now => now.ReadyInstances == 1, cancellationToken);
        await Task.Delay(Forgotten + TimeSpan.FromSeconds(1), cancellationToken);
        var before = host.Deployments.Get("dummy")!.Decisions[^1].Sequence;
        Kill(host);
        var again = await host.UntilAsync("dummy", now => now.Decisions.Any(d => d.Kind == DecisionKind.BackOff && d.Sequence > before), cancellationToken);
        var wait = again.Decisions.Last(d => d.Kind == DecisionKind.BackOff);
        Console.WriteLine($"after {Forgotten.TotalSeconds} s of good service (10 min by default) the next failure: {wait.What} ({wait.Why})");
        return starts.Count <= MostStarts * Math.Max(1, seconds / 60) && share <= MostProcessor && wait.What == "start a substitute at once";
    }

    private static void Kill(HostApplication host) => PluginProcesses.Kill(host.StateFolder, host.Deployments.Get("dummy")!.Instances.Single(i => i.Phase == InstancePhase.Ready).Id);
}
