using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// Instances that are planned together: a revision that is meant to run, and how many of it. The first group is that of the goal, and everything that
/// belongs to no group is exchanged for it; further ones stand beside it while a rollout is paused.
/// </summary>
/// <param name="Revision">The revision.</param>
/// <param name="Wanted">How many ready instances.</param>
/// <param name="IsGoal">Whether it is that of the goal.</param>
internal readonly record struct FleetGroup(RevisionId Revision, int Wanted, bool IsGoal)
{
    public static ImmutableArray<FleetGroup> Of(DeploymentState state)
    {
        if (state.Goal is not { } goal)
        {
            return [];
        }

        if (state.Pause is not { } pause)
        {
            return [new(goal.Revision, goal.Wanted, IsGoal: true)];
        }

        var others = pause.Held.Where(h => h.Revision != goal.Revision).Select(h => new FleetGroup(h.Revision, Math.Min(h.Instances, CeilingOf(state, h.Revision)), IsGoal: false));
        return [new(goal.Revision, pause.Of(goal.Revision), IsGoal: true), .. others];
    }

    /// <summary>How many of a revision the backend can run. Of one that is neither wanted nor served before only what runs is known to be possible.</summary>
    public static int CeilingOf(DeploymentState state, RevisionId revision)
        => state.Goal?.Revision == revision ? state.Goal.Ceiling
            : state.Stable?.Revision == revision ? state.Stable.Ceiling
            : Math.Max(1, state.Instances.Count(i => i.Revision == revision && i is { Leaving: false, Dead: false }));

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
