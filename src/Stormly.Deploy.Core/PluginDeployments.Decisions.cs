using System.Runtime.CompilerServices;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>
/// The stream of decisions. Nothing is buffered for a reader: it has a place in the sequence, and reads on from memory or, where it is far behind, from the store. It is told only what is
/// durable: after a crash the numbers of all others are given again, and a reader who goes on after a number would miss what they stand for then.
/// </content>
internal sealed partial class PluginDeployments
{
    public async IAsyncEnumerable<WatchedDecision> WatchDecisionsAsync(string plugin, long after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        var fleet = await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        var last = after;
        await foreach (var snapshot in fleet.Watchers.WatchAsync(plugin, () => fleet.Find(plugin)?.Snapshot, cancellationToken).ConfigureAwait(false))
        {
            for (var more = snapshot.Decisions.Length > 0; more;)
            {
                // Asked before looking, so that no write is missed in between.
                var controller = fleet.Find(plugin);
                var over = controller?.Over.IsCompleted ?? true;
                var next = controller?.NextWrite;
                await foreach (var decision in ReadSettledAsync(fleet, snapshot, last, controller?.Settled ?? long.MaxValue, cancellationToken).ConfigureAwait(false))
                {
                    yield return new WatchedDecision(decision, decision.Sequence - last - 1);
                    last = decision.Sequence;
                }

                more = last < snapshot.Decisions[^1].Sequence && !over;
                await (more ? next! : Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What is settled of a snapshot's decisions, and before it what memory holds no more, as far as the store does.</summary>
    private static async IAsyncEnumerable<DecisionRecord> ReadSettledAsync(
        DeploymentFleet fleet, DeploymentSnapshot snapshot, long after, long settled, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var oldest = snapshot.Decisions[0].Sequence;
        if (oldest > after + 1 && settled > after)
        {
            await foreach (var decision in fleet.Services.Store.ReadDecisionsAsync(snapshot.Plugin, after, cancellationToken).ConfigureAwait(false))
            {
                if (decision.Sequence >= oldest)
                {
                    break;
                }

                if (decision.Sequence <= settled)
                {
                    yield return decision;
                }
            }
        }

        foreach (var decision in snapshot.Decisions.Where(d => d.Sequence > after && d.Sequence <= settled))
        {
            yield return decision;
        }
    }
}
