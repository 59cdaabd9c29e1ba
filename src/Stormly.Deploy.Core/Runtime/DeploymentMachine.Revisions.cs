using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>What became of each kept revision.</content>
internal sealed partial class DeploymentMachine
{
    private const int LastWordsLength = 400;

    private static void NoteDeployed(DeploymentTurn turn, RevisionId id) => NoteRevision(turn, id, r => r with { DeployedAt = turn.Now.Wall, WithdrawnAt = null });

    private static void NoteWithdrawn(DeploymentTurn turn, RevisionId id) => NoteRevision(turn, id, r => r with { WithdrawnAt = turn.Now.Wall });

    private static void NoteServed(DeploymentTurn turn, RevisionId id) => NoteRevision(turn, id, r => r with { ServedAt = turn.Now.Wall, FailedAt = null, Failure = null });

    private static void NoteRestored(DeploymentTurn turn, RevisionId id) => NoteRevision(turn, id, r => r with { ServedAt = r.ServedAt ?? r.DeployedAt });

    private static void NoteFailed(DeploymentTurn turn, RevisionId id, string reason) => NoteRevision(turn, id, r => r with { FailedAt = turn.Now.Wall, Failure = reason });

    private static void NoteRevision(DeploymentTurn turn, RevisionId id, Func<RevisionSnapshot, RevisionSnapshot> change)
    {
        var revisions = turn.State.Revisions;
        var old = revisions.FirstOrDefault(r => r.Id == id) ?? new RevisionSnapshot { Id = id, DeployedAt = turn.Now.Wall };
        var noted = change(old);
        if (noted == old && revisions.Contains(old))
        {
            return;
        }

        var others = revisions.Remove(old);
        turn.State = turn.State with
        {
            Revisions = noted.DeployedAt == old.DeployedAt && revisions.Contains(old) ? revisions.Replace(old, noted) : others.Add(noted),
        };
    }

    private static void OnPruned(DeploymentTurn turn, DeploymentEvent.Pruned pruned)
    {
        var state = turn.State;
        turn.State = state with
        {
            Revisions = state.Revisions.RemoveAll(r => pruned.Removed.Contains(r.Id) && r.Id != state.Goal?.Revision && r.Id != state.Stable?.Revision && r.Id != state.Canary?.Revision),
        };
    }

    /// <summary>What keeps an instance from becoming ready that has not failed yet; null where nothing is known.</summary>
    private static StartFailure? StillStarting(DeploymentState state, RevisionId revision)
        => state.Instances.FirstOrDefault(i => i is { Phase: InstancePhase.Starting, Leaving: false, Trouble: not null } && i.Revision == revision) is { } instance
            ? new StartFailure { Instance = instance.Id, Reason = $"{instance.Id} still starts: {instance.Trouble}" }
            : null;

    private static string NotInTime(int ready, int wanted, StartFailure? failure)
    {
        var seen = failure is null ? "" : $"; the last that was seen: {failure.Reason}";
        return string.Create(CultureInfo.InvariantCulture, $"{ready} of {wanted} instances became ready, and none more in time{seen}");
    }

    /// <summary>The end of what an instance wrote, for a line that people read: whole lines, where the last one is not too long for that.</summary>
    private static string LastWords(string? output)
    {
        var tail = output?.Trim() ?? "";
        if (tail.Length > LastWordsLength)
        {
            tail = tail[^LastWordsLength..];
            tail = tail[(tail.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        }

        return tail.Length == 0 ? "" : $"; its last output: {string.Join(" | ", tail.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}";
    }
}
