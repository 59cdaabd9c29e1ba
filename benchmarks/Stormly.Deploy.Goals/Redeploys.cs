using Stormly.Deploy.EndToEnd.Harness.Kinds;
using Stormly.Deploy.EndToEnd.Harness.Ledger;

namespace Stormly.Deploy.Goals;

/// <summary>Good and bad redeployments under constant traffic with random kills; the ledger must balance. SEED names the order of good and bad.</summary>
internal static class Redeploys
{
    public static async Task<bool> RunAsync(PluginKind kind, int count, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SEED"), out var number) ? number : 1;
        var options = new RedeployRunOptions { Count = count, Seed = seed, Kind = kind };

        // A container takes its time on a busy machine, and what never comes up takes the whole deadline.
        var run = new RedeployRun(folder, kind == PluginKind.Containers ? options with { StartDeadline = TimeSpan.FromSeconds(8) } : options);
        var report = await run.RunAsync(Console.WriteLine, cancellationToken);
        Console.WriteLine($"{run.Good} good and {run.Bad} bad redeployments");
        Console.WriteLine(report);
        Console.WriteLine(string.Join(Environment.NewLine, run.Problems.Append($"{run.Problems.Count} other problems")));
        return report.IsBalanced && run.Problems.Count == 0;
    }
}
