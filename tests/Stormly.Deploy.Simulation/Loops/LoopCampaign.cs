using System.Collections.Immutable;

namespace Stormly.Deploy.Simulation;

/// <summary>Many storms, some beside each other: they mostly wait.</summary>
internal static class LoopCampaign
{
    private const int AtOnce = 8;

    /// <summary>Runs storms.</summary>
    /// <param name="from">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="told">Called with each result, one after the other.</param>
    /// <param name="cancellationToken">Begins no more of them.</param>
    /// <returns>The results in which a promise was broken.</returns>
    public static async Task<ImmutableArray<LoopResult>> RunAsync(ulong from, int count, Action<LoopResult> told, CancellationToken cancellationToken)
    {
        var (gate, failures) = (new Lock(), ImmutableArray.CreateBuilder<LoopResult>());
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = OneThread.IsOnly ? 1 : AtOnce };
        await Parallel.ForEachAsync(Enumerable.Range(0, count), parallel, async (i, _) =>
        {
            var result = await LoopStorm.RunAsync(from + (ulong)i);
            lock (gate)
            {
                told(result);
                if (result.Failure is not null)
                {
                    failures.Add(result);
                }
            }
        });
        return failures.ToImmutable();
    }
}
