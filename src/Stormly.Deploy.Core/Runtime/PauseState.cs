using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <summary>A pause: no revision takes the place of another, and each keeps the number of instances that it had.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Wanted">The wanted number that <paramref name="Held"/> was shared out for.</param>
/// <param name="Held">How many instances of each revision go on.</param>
internal sealed record PauseState(DateTimeOffset Since, int Wanted, ImmutableArray<HeldRevision> Held)
{
    public int Of(RevisionId revision) => Held.FirstOrDefault(h => h.Revision == revision).Instances;

    /// <summary>Begins a pause. Where nothing is under way the whole number goes on; else what runs, the places of failed ones included.</summary>
    public static PauseState Begin(DeploymentState state, DateTimeOffset now)
    {
        var goal = DeploymentMachine.Within(state, state.Goal!);
        var held = state.Proven ? [new(goal.Revision, goal.Wanted, state.Goal!.Ceiling)] : Count(state, goal.Revision);
        return new PauseState(now, goal.Wanted, held);
    }

    /// <summary>Begins a pause in which all of a revision goes on although it has not served as a whole: nothing else would serve.</summary>
    public static PauseState Whole(FleetGoal goal, DateTimeOffset now) => new(now, goal.Wanted, [new(goal.Revision, goal.Wanted, goal.Ceiling)]);

    /// <summary>The same pause where a revision has another name from now on; where one of that name is held, too, both become one.</summary>
    public PauseState Rename(RevisionId old, RevisionId name) => this with
    {
        Held = [.. Held.Select(h => h.Revision == old ? h with { Revision = name } : h).GroupBy(h => h.Revision).Select(g => g.First() with { Instances = g.Sum(h => h.Instances) })],
    };

    private static ImmutableArray<HeldRevision> Count(DeploymentState state, RevisionId goal)
        => [.. state.Instances.Where(i => i is { Leaving: false, Dead: false }).GroupBy(i => i.Revision)
            .Select(g => new HeldRevision(g.Key, g.Key == goal
                ? g.Count(i => i.Phase != InstancePhase.Suspect) + state.Vacancies.Count(v => v.Revision == goal)
                : g.Count(), CeilingOf(state, g.Key)))];

    /// <summary>Of a revision that only instances of an earlier run of the host application are left of nobody knows how many the backend can run: it gets no more than there are.</summary>
    private static int CeilingOf(DeploymentState state, RevisionId revision)
    {
        var known = state.Instances.Where(i => i.Revision == revision && !i.Survived).Select(i => i.Ceiling).DefaultIfEmpty(state.Instances.Count(i => i.Revision == revision)).First();
        return new[] { state.Goal, state.Stable }.FirstOrDefault(g => g?.Revision == revision)?.Ceiling ?? known;
    }
}
