using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>A revision that differs from the wanted one in what only people read.</content>
internal sealed partial class DeploymentMachine
{
    /// <summary>Lets the instances that run become those of the new revision: they cannot tell it from their own, so none is touched.</summary>
    private void ChangePage(DeploymentTurn turn, FleetGoal old, DeploymentEvent.DeployWanted wanted)
    {
        var (state, goal) = (turn.State, wanted.Goal);
        var kind = wanted.Back ? DecisionKind.Rollback : DecisionKind.Deploy;
        turn.Record(kind, goal.Revision.Short, $"take over explain from revision {goal.Revision.Short} and touch no instance", $"revision {old.Revision.Short} differs from it in explain alone");
        NoteScale(turn, old, goal);
        if (wanted.Back)
        {
            NoteWithdrawn(turn, old.Revision);
        }

        NoteDeployed(turn, goal.Revision);
        turn.Do(new DeploymentEffect.Relabel([.. state.Instances.Where(i => i.Revision == old.Revision).Select(i => i.Id)], goal.Revision));
        var stable = state.Proven ? state.Stable! with { Revision = goal.Revision } : state.Stable;
        if (state.Proven)
        {
            NoteServed(turn, goal.Revision);
            turn.Do(new DeploymentEffect.Store(stable, []));
        }

        turn.State = turn.State with
        {
            Goal = goal,
            Stable = stable,
            Instances = [.. state.Instances.Select(i => i.Revision == old.Revision ? i with { Revision = goal.Revision } : i)],
            Vacancies = [.. state.Vacancies.Select(v => v.Revision == old.Revision ? v with { Revision = goal.Revision } : v)],
            Pause = state.Pause?.Rename(old.Revision, goal.Revision),
            Tickets = state.Tickets.AddRange(wanted.Tickets),
            ProgressDeadline = Deadline(turn),
        };
    }
}
