using Stormly.Deploy.EndToEnd.Harness.Kinds;

namespace Stormly.Deploy.Goals;

/// <summary>kill -9 of the host application at random moments of rollouts, with plugins that end with it and with plugins that survive it. SEED names the moments.</summary>
internal static class HostKills
{
    public static async Task<bool> RunAsync(PluginKind kind, int count, CancellationToken cancellationToken)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SEED"), out var number) ? number : 1;
        var good = true;
        foreach (var action in (HostEndAction[])[HostEndAction.EndPlugins, HostEndAction.KeepPluginsAfterCrash])
        {
            using var folder = new TemporaryFolder();
            var run = new HostKillRun(folder.FullName, kind, action, seed);
            await run.RunAsync(count, Console.WriteLine, cancellationToken);
            var times = new Figures($"{action}: from a start after a kill until all serve and nothing else is left");
            run.UntilServing.ToList().ForEach(times.Add);
            Console.WriteLine(times);
            Console.WriteLine($"{action}: {count} kills, {run.MetRollouts} of them in a rollout; {run.Survived} processes or containers served before and after a kill; {run.Problems.Count} problems");
            Console.WriteLine(string.Join(Environment.NewLine, run.Problems));
            good &= run.Problems.Count == 0;
        }

        return good;
    }
}
