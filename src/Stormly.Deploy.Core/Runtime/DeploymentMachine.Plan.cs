using System.Globalization;
using Stormly.Deploy.Health;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <content>How many instances: the plan for the fleet, carried out.</content>
internal sealed partial class DeploymentMachine
{
    private void Plan(DeploymentTurn turn)
    {
        if (turn.State.Goal is not { } goal)
        {
            return;
        }

        var missing = goal.Wanted - turn.State.Instances.Count(i => i.Revision == goal.Revision && i.Phase is InstancePhase.Starting or InstancePhase.Ready && !i.Dead);
        // At zero one place is remembered, so that a plugin that fails again and again waits again and again.
        TrimVacancies(turn, Math.Max(goal.Wanted == 0 ? 1 : 0, missing));
        var waiting = turn.State.Vacancies.Count(v => v.NotBefore > turn.Now.Uptime);
        var startable = turn.State.Failure is null ? Math.Max(0, missing - waiting) : 0;
        var spec = new FleetSpec(goal.Wanted, settings.Rollout.MaxSurge, settings.Rollout.MaxUnavailable, goal.Ceiling, goal.CeilingReason, startable);
        var decision = FleetPlanner.Plan(spec, [.. turn.State.Instances.Select(i => new FleetMember(i.Id, i.Revision == goal.Revision, Standing(i), i.SubstituteFailed))]);
        foreach (var stop in decision.Stops)
        {
            turn.Record(DecisionKind.Stop, stop.Id.Value, $"stop {stop.Id}", stop.Reason, FleetBasis.OfStop(spec, decision.Count));
            BeginStop(turn, turn.Find(stop.Id)!);
        }

        for (var i = 0; i < decision.Starts; i++)
        {
            StartOne(turn, goal, FleetBasis.OfStart(spec, decision.Count, decision.Starts));
        }
    }

    private static FleetStanding Standing(InstanceState instance) => instance switch
    {
        { Dead: true } => FleetStanding.Dead,
        { Leaving: true } => FleetStanding.Leaving,
        { Phase: InstancePhase.Starting } => FleetStanding.Starting,
        { Phase: InstancePhase.Ready } => instance.Settled ? FleetStanding.Ready : FleetStanding.Young,
        _ => FleetStanding.Suspect,
    };

    /// <summary>Forgets places that nobody needs filled any more; those with the most failures are kept.</summary>
    private static void TrimVacancies(DeploymentTurn turn, int missing)
    {
        if (turn.State.Vacancies.Length > missing)
        {
            turn.State = turn.State with { Vacancies = [.. turn.State.Vacancies.OrderByDescending(v => v.Failures).Take(missing)] };
        }
    }

    private void StartOne(DeploymentTurn turn, FleetGoal goal, DecisionBasis basis)
    {
        var vacancy = turn.State.Vacancies.FirstOrDefault(v => v.NotBefore <= turn.Now.Uptime);
        if (vacancy is not null)
        {
            turn.State = turn.State with { Vacancies = turn.State.Vacancies.Remove(vacancy) };
        }
        else if (turn.State.ProgressDeadline is not null)
        {
            // The first start in a place is progress: it may have had to wait until others had left.
            turn.State = turn.State with { ProgressDeadline = Deadline(turn) };
        }

        var id = settings.NewId(turn.State.Plugin);
        var instance = new InstanceState
        {
            Id = id,
            Revision = goal.Revision,
            Phase = InstancePhase.Starting,
            Line = vacancy ?? BackOffState.None,
            Started = turn.Now,
        };
        var why = vacancy is null
            ? string.Create(CultureInfo.InvariantCulture, $"{goal.Wanted} wanted, {turn.State.CountReady(goal.Revision)} ready")
            : string.Create(CultureInfo.InvariantCulture, $"it takes the place of one that failed ({vacancy.Failures} failure(s) in a row there)");
        turn.Record(DecisionKind.Start, id.Value, $"start {id} with revision {goal.Revision.Short}", why, basis);
        turn.Do(new DeploymentEffect.Start(id, goal.Revision));
        turn.State = turn.State with { Instances = turn.State.Instances.Add(instance) };
    }

    private static void BeginStop(DeploymentTurn turn, InstanceState instance)
    {
        if (instance.Leaving)
        {
            return;
        }

        var drain = instance.Launched && instance.Phase != InstancePhase.Starting;
        turn.Do(instance.Launched ? new DeploymentEffect.Stop(instance.Id, drain) : new DeploymentEffect.CancelStart(instance.Id));
        turn.Put(instance with { Phase = drain ? InstancePhase.Draining : InstancePhase.Stopping });
    }
}
