using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Instances that are planned together: a revision that is meant to run, and how many of it. The first group is that of the goal, and everything that
/// belongs to no group is exchanged for it; further ones stand beside it while a rollout is paused, or a canary is tried out.
/// </summary>
/// <param name="Revision">The revision.</param>
/// <param name="Wanted">How many ready instances.</param>
/// <param name="IsGoal">Whether it is that of the goal.</param>
/// <param name="Ceiling">How many instances there may be at once: of all groups, or of this one alone where it is <paramref name="Held"/>.</param>
/// <param name="Own">How many of its revision the backend can run at once, whatever the machine's part is.</param>
/// <param name="Held">Whether it stands only because a rollout is paused.</param>
internal readonly record struct FleetGroup(RevisionId Revision, int Wanted, bool IsGoal, int Ceiling, int Own, bool Held = false)
{
    public static ImmutableArray<FleetGroup> Of(DeploymentState state)
    {
        if (state.Goal is not { } wanted)
        {
            return [];
        }

        var goal = DeploymentMachine.Within(state, wanted);

        var held = state.Pause?.Held.Where(h => h.Revision != goal.Revision && h.Instances > 0).ToList() ?? [];
        ImmutableArray<FleetGroup> groups =
        [
            new(goal.Revision, state.Pause is { } pause ? Math.Min(goal.Wanted, pause.Of(goal.Revision)) : goal.Wanted, IsGoal: true, Math.Min(RevisionRoom.Of(state, wanted), state.Share?.Instances ?? int.MaxValue), wanted.Ceiling),
            .. held.Select(h => new FleetGroup(h.Revision, Math.Min(h.Instances, h.Ceiling), IsGoal: false, h.Ceiling, h.Ceiling, Held: true)),
        ];
        return state.Canary is { } canary ? groups.Add(new(canary.Revision, canary.Size(goal), IsGoal: false, Math.Min(goal.Ceiling, canary.Goal.Ceiling), canary.Goal.Ceiling)) : groups;
    }

    /// <summary>Whether instances of a revision are replaced by others of it.</summary>
    public static bool IsMeant(DeploymentState state, RevisionId revision) => Of(state).Any(g => g.Revision == revision);

    /// <summary>Whether an instance of one revision makes one of the other unnecessary.</summary>
    public static bool Together(DeploymentState state, RevisionId one, RevisionId other)
    {
        var groups = Of(state);
        return one == other || !groups.Any(g => !g.IsGoal && (g.Revision == one || g.Revision == other));
    }

    public bool Holds(ImmutableArray<FleetGroup> groups, InstanceState instance)
    {
        if (!IsGoal)
        {
            return instance.Revision == Revision;
        }

        return instance.Revision == Revision || groups.All(g => g.Revision != instance.Revision);
    }
}
