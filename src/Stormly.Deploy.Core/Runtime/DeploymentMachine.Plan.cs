using System.Collections.Immutable;
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
        var groups = FleetGroup.Of(turn.State);
        if (turn.State.Vacancies.Any(v => groups.All(g => g.Revision != v.Revision)))
        {
            turn.State = turn.State with { Vacancies = turn.State.Vacancies.RemoveAll(v => groups.All(g => g.Revision != v.Revision)) };
        }

        foreach (var group in groups)
        {
            Plan(turn, group, [.. turn.State.Instances.Where(i => group.Holds(groups, i))]);
        }
    }

    private void Plan(DeploymentTurn turn, FleetGroup group, ImmutableArray<InstanceState> instances)
    {
        var goal = Within(turn.State, turn.State.Goal!);
        group = group.IsGoal ? group with { Wanted = Math.Min(group.Wanted, goal.Wanted) } : group;
        var missing = group.Wanted - instances.Count(i => i.Revision == group.Revision && i is { Phase: InstancePhase.Starting or InstancePhase.Ready, Dead: false });
        // At zero one place is remembered, so that a plugin that fails again and again waits again and again.
        TrimVacancies(turn, group.Revision, Math.Max(group.Wanted == 0 ? 1 : 0, missing));
        var waiting = turn.State.Vacancies.Count(v => v.Revision == group.Revision && v.NotBefore > turn.Now.Uptime);
        var startable = turn.State.Failure is null ? Math.Max(0, missing - waiting) : 0;
        var share = turn.State.Share;
        var others = turn.State.Instances.Where(i => !instances.Contains(i)).ToList();
        var ceiling = group.Held
            ? Math.Min(group.Ceiling - others.Count(i => !RevisionRoom.IsApart(turn.State, i)), (share?.Instances ?? int.MaxValue) - others.Count)
            : group.Ceiling - others.Count;
        var reason = group.Held && ceiling == group.Own ? string.Create(CultureInfo.InvariantCulture, $"the backend can run {group.Own} of it at once") : goal.CeilingReason;
        var mayRise = share?.Instances < RevisionRoom.Of(turn.State, turn.State.Goal!) && share.MayRise(AsTenant(turn.State, settings.Rollout.MaxSurge).Wish);
        var spec = new FleetSpec(group.Wanted, settings.Rollout.MaxSurge, settings.Rollout.MaxUnavailable, ceiling, reason, startable, mayRise);
        var decision = FleetPlanner.Plan(spec, [.. instances.Select(i => new FleetMember(i.Id, i.Revision == group.Revision, Standing(i, group), i.SubstituteFailed))]);
        foreach (var stop in decision.Stops)
        {
            turn.Record(DecisionKind.Stop, stop.Id.Value, $"stop {stop.Id}", stop.Reason, FleetBasis.OfStop(spec, decision.Count));
            var leaving = turn.Find(stop.Id)!;
            if (leaving is { Phase: InstancePhase.Starting } and ({ Line.Failures: > 0 } or { Line.PortAttempts: > 0 }) && leaving.Revision == group.Revision)
            {
                // Whether this start would have failed, too, or found its port taken, nobody knows: the next one in its place goes on counting.
                turn.State = turn.State with { Vacancies = turn.State.Vacancies.Add(new Vacancy(group.Revision, leaving.Line)) };
            }

            BeginStop(turn, leaving);
        }

        for (var i = 0; i < decision.Starts; i++)
        {
            StartOne(turn, group, FleetBasis.OfStart(spec, decision.Count, decision.Starts));
        }
    }

    private static FleetStanding Standing(InstanceState instance, FleetGroup group) => instance switch
    {
        { Dead: true } => FleetStanding.Dead,
        { Leaving: true } => FleetStanding.Leaving,
        { Phase: InstancePhase.Starting, Survived: true } when instance.Revision != group.Revision => FleetStanding.Suspect,
        { Phase: InstancePhase.Starting } => FleetStanding.Starting,
        { Phase: InstancePhase.Ready } => instance.Settled ? FleetStanding.Ready : FleetStanding.Young,
        _ => FleetStanding.Suspect,
    };

    /// <summary>Forgets places that nobody needs filled any more; those with the most failures are kept.</summary>
    private static void TrimVacancies(DeploymentTurn turn, RevisionId revision, int missing)
    {
        var vacant = turn.State.Vacancies.Where(v => v.Revision == revision).OrderByDescending(v => v.Failures).ToList();
        if (vacant.Count > missing)
        {
            turn.State = turn.State with { Vacancies = turn.State.Vacancies.RemoveRange(vacant.Skip(missing)) };
        }
    }

    private void StartOne(DeploymentTurn turn, FleetGroup group, DecisionBasis basis)
    {
        var vacancy = turn.State.Vacancies.FirstOrDefault(v => v.Revision == group.Revision && v.NotBefore <= turn.Now.Uptime);
        if (vacancy is not null)
        {
            turn.State = turn.State with { Vacancies = turn.State.Vacancies.Remove(vacancy) };
        }
        else if (group.IsGoal && turn.State.ProgressDeadline is not null)
        {
            // The first start in a place is progress: it may have had to wait until others had left.
            turn.State = turn.State with { ProgressDeadline = Deadline(turn) };
        }

        var id = settings.NewId(turn.State.Plugin);
        var instance = new InstanceState
        {
            Id = id,
            Revision = group.Revision,
            Phase = InstancePhase.Starting,
            Line = vacancy?.Line ?? BackOffState.None,
            Started = turn.Now,
            Ceiling = group.Own,
        };
        var why = vacancy is null
            ? string.Create(CultureInfo.InvariantCulture, $"{group.Wanted} wanted, {turn.State.CountReady(group.Revision)} ready")
            : string.Create(CultureInfo.InvariantCulture, $"it takes the place of one that failed ({vacancy.Failures} failure(s) in a row there)");
        turn.Record(DecisionKind.Start, id.Value, $"start {id} with revision {group.Revision.Short}", why, basis);
        turn.Do(new DeploymentEffect.Start(id, group.Revision));
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
