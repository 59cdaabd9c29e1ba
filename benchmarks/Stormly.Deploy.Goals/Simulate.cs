using System.Diagnostics;
using Stormly.Deploy.Simulation;

namespace Stormly.Deploy.Goals;

/// <summary>The control logic in simulated worlds, one for each seed (R15). SIM_SEED replays one seed; SIM_FROM names the first of many.</summary>
internal static class Simulate
{
    private const int Slice = 50_000;

    public static Task<bool> RunAsync(int count, CancellationToken cancellationToken)
    {
        if (Number("SIM_SEED") is { } seed)
        {
            var result = Simulation.Simulation.Run(seed, new SimulationOptions { Timeline = 4000 });
            Console.WriteLine(result);
            return Task.FromResult(result.Failure is null);
        }

        var from = Number("SIM_FROM") ?? 1;
        var watch = Stopwatch.StartNew();
        var (done, failed, steps, requests, starts, hash) = (0, 0, 0L, 0L, 0L, 0UL);
        var (longest, share) = (TimeSpan.Zero, 0.0);
        while (done < count && !cancellationToken.IsCancellationRequested)
        {
            var part = Campaign.Run(from + (ulong)done, Math.Min(Slice, count - done), null, cancellationToken);
            (done, failed, hash) = (done + part.Seeds, failed + part.Failed, hash ^ part.Hash);
            (steps, requests, starts) = (steps + part.Steps, requests + part.Requests, starts + part.Starts);
            longest = part.WorstHealing.Took > longest ? part.WorstHealing.Took : longest;
            share = Math.Max(share, part.WorstHealing.OfBound);
            Report(part);
            Console.WriteLine($"{done} seeds from {from}: {failed} failed; {steps} steps, {starts} starts, {requests} requests; hash {hash:x16}; {watch.Elapsed.TotalSeconds:0.0} s, {done / watch.Elapsed.TotalSeconds:0} seeds/s");
            Console.WriteLine($"ready again after the last trouble within {longest.TotalSeconds:0.0} s of virtual time, {share:P0} of what back-off, starts and stops allow");
        }

        return Task.FromResult(failed == 0);
    }

    private static void Report(CampaignResult part)
    {
        var kinds = part.Failures.GroupBy(f => System.Text.RegularExpressions.Regex.Replace(f.Failure!.Split('\n')[0], "[0-9]+", "#"));
        foreach (var kind in kinds)
        {
            Console.WriteLine($"{kind.Count()} x {kind.Key}: seeds {string.Join(", ", kind.Take(5).Select(f => f.Seed))}");
        }

        if (part.Failures.Length > 0)
        {
            Console.WriteLine(part.Failures[0]);
        }
    }

    private static ulong? Number(string variable) => ulong.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
