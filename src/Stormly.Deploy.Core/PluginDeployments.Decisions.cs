using System.Runtime.CompilerServices;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>The stream of decisions. Nothing is buffered for a reader: it has a place in the sequence, and reads on from memory or, where it is far behind, from the store.</content>
internal sealed partial class PluginDeployments
{
    public async IAsyncEnumerable<WatchedDecision> WatchDecisionsAsync(string plugin, long after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        var fleet = await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        var last = after;
        await foreach (var snapshot in fleet.Watchers.WatchAsync(plugin, () => fleet.Find(plugin)?.Snapshot, cancellationToken).ConfigureAwait(false))
        {
            if (snapshot.Decisions is [var oldest, ..] && oldest.Sequence > last + 1)
            {
                await foreach (var decision in ReadKeptAsync(fleet, plugin, last, oldest.Sequence, cancellationToken).ConfigureAwait(false))
                {
                    yield return new WatchedDecision(decision, decision.Sequence - last - 1);
                    last = decision.Sequence;
                }
            }

            foreach (var decision in snapshot.Decisions.Where(d => d.Sequence > last))
            {
                yield return new WatchedDecision(decision, decision.Sequence - last - 1);
                last = decision.Sequence;
            }
        }
    }

    /// <summary>What memory holds no more, as far as the store does.</summary>
    private static async IAsyncEnumerable<DecisionRecord> ReadKeptAsync(
        DeploymentFleet fleet, string plugin, long after, long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await (fleet.Find(plugin)?.WhenWrittenAsync() ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var decision in fleet.Services.Store.ReadDecisionsAsync(PluginName.Parse(plugin), after, cancellationToken).ConfigureAwait(false))
        {
            if (decision.Sequence >= before)
            {
                yield break;
            }

            yield return decision;
        }
    }
}
