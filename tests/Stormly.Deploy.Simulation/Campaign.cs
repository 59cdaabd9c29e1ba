namespace Stormly.Deploy.Simulation;

/// <summary>Many seeds on all cores. What comes of a seed does not depend on which others run beside it.</summary>
internal static class Campaign
{
    public static CampaignResult Run(ulong from, int count, SimulationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (gate, failures, failed) = (new Lock(), new List<SimulationResult>(), 0);
        ulong hash = 0;
        var healing = (Took: TimeSpan.Zero, OfBound: 0.0);
        var (steps, requests, starts) = (0L, 0L, 0L);
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, count, parallel, i =>
        {
            var result = Simulation.Run(from + (ulong)i, options);
            lock (gate)
            {
                hash ^= result.Hash * ((result.Seed * 2) + 1);
                (steps, requests, starts) = (steps + result.Steps, requests + result.Requests, starts + result.Starts);
                healing = (result.WorstHealing.Took > healing.Took ? result.WorstHealing.Took : healing.Took, Math.Max(healing.OfBound, result.WorstHealing.OfBound));
                if (result.Failure is not null)
                {
                    failed++;
                    failures.Add(result);
                    failures.Sort((a, b) => a.Steps.CompareTo(b.Steps));
                    failures.RemoveRange(Math.Min(failures.Count, 2000), Math.Max(0, failures.Count - 2000));
                }
            }
        });
        return new CampaignResult(count, failed, hash, steps, requests, starts, [.. failures]) { WorstHealing = healing };
    }
}
