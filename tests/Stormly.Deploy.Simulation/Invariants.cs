using System.Collections.Immutable;
using Stormly.Deploy.Health;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <summary>What must hold after every step, told apart from how the machine reaches it.</summary>
internal sealed partial class Invariants(MachineSettings settings)
{
    private readonly HashSet<InstanceId> _known = [];
    private readonly HashSet<InstanceId> _stopped = [];

    public void OnRestart() => OnCommand();

    /// <summary>What an earlier run wanted of an instance counts no more.</summary>
    public void OnAdopted(InstanceId id) => _stopped.Remove(id);

    public void Check(DeploymentState before, DeploymentEvent news, ImmutableArray<DeploymentEffect> effects, DeploymentState after, TimeSpan now)
    {
        CheckGoal(before, news, effects, after, now);
        CheckPhases(before, news, effects, after);
        CheckStarts(before, effects, after, now);
        CheckEffects(effects, after);
        CheckCapacity(before, news, effects, after);
        CheckHeldUp(before, news, after);
    }

    public static void CheckClaim(DeploymentState state, RouteTarget target)
    {
        if (state.Instances.FirstOrDefault(i => i.Id == target.Instance) is not { Leaving: false, Phase: not InstancePhase.Starting } || target.IsClosed)
        {
            throw new SimulationFailure($"a request went to {target.Instance}, which takes none");
        }
    }

    public static void CheckRoute(DeploymentState state, RoutePlan plan)
    {
        var good = state.Instances.Where(i => i is { Phase: InstancePhase.Ready, Dead: false, Ejected: false }).Select(i => i.Id).ToHashSet();
        foreach (var id in plan.Targets)
        {
            if (good.Count > 0 ? !good.Contains(id) : state.Instances.First(i => i.Id == id) is { Leaving: true } or { Dead: true } or { Phase: InstancePhase.Starting })
            {
                throw new SimulationFailure($"requests are routed to {id}, which should take none");
            }
        }

        if (good.Count > plan.Targets.Length)
        {
            throw new SimulationFailure("requests are not routed to all that take them");
        }
    }

    private static void Require(bool holds, string broken)
    {
        if (!holds)
        {
            throw new SimulationFailure(broken);
        }
    }

    private void CheckGoal(DeploymentState before, DeploymentEvent news, ImmutableArray<DeploymentEffect> effects, DeploymentState after, TimeSpan now)
    {
        if (before.Goal?.Revision != after.Goal?.Revision)
        {
            Require(HasRecord(effects, r => r.Kind is DecisionKind.Deploy or DecisionKind.Rollback or DecisionKind.Recover or DecisionKind.Canary), "the goal changed without a decision");
            OnCommand();
        }

        if (before.Goal is { } old && after.Goal is { } goal && old.Wanted != goal.Wanted && old.Revision == goal.Revision)
        {
            Require(HasRecord(effects, r => r.Kind is DecisionKind.Scale or DecisionKind.Deploy), "the wanted number changed without a decision");
            NoteOrder(news, old.Wanted, goal.Wanted, before.Vacancies.Length, now);
        }

        if (before.Goal is { } was && after.Goal is { } given && was.Range != given.Range && was.Revision == given.Revision)
        {
            Require(HasRecord(effects, r => r.Kind is DecisionKind.Scale or DecisionKind.Deploy), "the range changed without a decision");
        }

        Require(after.Mode >= before.Mode, "a deployment that was ended began again");
        Require(after.Tickets.Distinct().Count() == after.Tickets.Length, "a call waits twice");
        foreach (var record in effects.OfType<DeploymentEffect.Record>())
        {
            Require(record.Why.Length > 0 && record.What.Length > 0 && record.Subject.Length > 0, $"a decision without a reason: {record}");
        }
    }

    private void CheckPhases(DeploymentState before, DeploymentEvent news, ImmutableArray<DeploymentEffect> effects, DeploymentState after)
    {
        foreach (var old in before.Instances)
        {
            var now = after.Instances.FirstOrDefault(i => i.Id == old.Id);
            Require(now is null || now.Ejected == old.Ejected || HasRecord(effects, r => r.Kind is DecisionKind.Route or DecisionKind.Replace && r.Subject == old.Id.Value), $"{old.Id} was taken out of routing, or put back, without a decision");
            var phase = now?.Phase ?? InstancePhase.Ended;
            if (phase == old.Phase)
            {
                continue;
            }

            var allowed = (old.Phase, phase) switch
            {
                (InstancePhase.Starting, InstancePhase.Ready or InstancePhase.Stopping) => true,
                (InstancePhase.Starting, InstancePhase.Draining) => old.Survived,
                (InstancePhase.Starting, InstancePhase.Ended) => news is DeploymentEvent.LaunchFailed,
                (InstancePhase.Ready, InstancePhase.Suspect or InstancePhase.Draining) => true,
                (InstancePhase.Suspect, InstancePhase.Ready or InstancePhase.Draining) => true,
                (InstancePhase.Ready or InstancePhase.Suspect, InstancePhase.Stopping) => news is DeploymentEvent.Exited,
                (InstancePhase.Draining, InstancePhase.Stopping) => true,
                (InstancePhase.Draining or InstancePhase.Stopping, InstancePhase.Ended) => news is DeploymentEvent.Ended or DeploymentEvent.LaunchFailed or DeploymentEvent.LetGone,
                _ => false,
            };
            Require(allowed, $"{old.Id} went from {old.Phase} to {phase} on {news.GetType().Name}");
            Require(
                (old.Phase, phase) is (InstancePhase.Draining, InstancePhase.Stopping)
                || HasRecord(effects, r => r.Subject == old.Id.Value || r.Subject == old.Revision.Short || r.Subject == after.Plugin.Value),
                $"{old.Id} went from {old.Phase} to {phase} without a decision");
        }
    }

    private void CheckEffects(ImmutableArray<DeploymentEffect> effects, DeploymentState after)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case DeploymentEffect.Start e:
                    Require(_known.Add(e.Id), $"{e.Id} was started twice");
                    Require(after.Instances.Any(i => i.Id == e.Id), $"{e.Id} was started and is not tracked");
                    break;
                case DeploymentEffect.Stop e:
                    Require(_stopped.Add(e.Id), $"{e.Id} was told to stop twice");
                    Require(e.Drain || after.Instances.First(i => i.Id == e.Id) is { Dead: true } or { Ready: null }, $"{e.Id} may answer requests, and is stopped without waiting for them");
                    break;
                case DeploymentEffect.LetGo e:
                    Require(_stopped.Add(e.Id), $"{e.Id} was let go of although it was told to stop");
                    break;
                case DeploymentEffect.Probe e:
                    Require(after.Instances.FirstOrDefault(i => i.Id == e.Id) is { Leaving: false, Dead: false }, $"{e.Id} was asked for its status although it leaves");
                    break;
                default:
                    break;
            }
        }

        foreach (var instance in after.Instances)
        {
            Require(!(instance.Leaving && instance.Launched) || _stopped.Contains(instance.Id), $"{instance.Id} should leave, and nobody stops it");
        }
    }

    /// <summary>No ready instance is taken away by us where too few would be left; one that turned sick in this very step only to make room for its substitute.</summary>
    private void CheckCapacity(DeploymentState before, DeploymentEvent news, ImmutableArray<DeploymentEffect> effects, DeploymentState after)
    {
        if (after is not { Mode: DeploymentMode.Running, Goal: { } goal, Failure: null })
        {
            return;
        }

        var groups = FleetGroup.Of(after);
        foreach (var group in groups.Where(g => g.Revision != after.Canary?.Revision))
        {
            CheckCapacity(before, news, effects, after, group, groups);
        }
    }

    private void CheckCapacity(DeploymentState before, DeploymentEvent news, ImmutableArray<DeploymentEffect> effects, DeploymentState after, FleetGroup group, ImmutableArray<FleetGroup> groups)
    {
        var goal = after.Goal! with { Wanted = group.Wanted, Ceiling = group.Held ? group.Ceiling : after.Goal!.Ceiling };
        var mine = before.Instances.Where(i => group.Holds(groups, i) && (i.Revision != before.Canary?.Revision || i.Revision == goal.Revision)).ToList();
        var taken = mine.Where(i => i is { Phase: InstancePhase.Ready, Dead: false } && after.Instances.FirstOrDefault(a => a.Id == i.Id) is { Leaving: true, Dead: false }).ToList();
        var left = after.Instances.Count(i => i is { Phase: InstancePhase.Ready, Dead: false } && group.Holds(groups, i));
        if (taken.Count == 0 || left >= goal.Wanted - settings.Rollout.MaxUnavailable)
        {
            return;
        }

        var sick = taken is [var only] && HasRecord(effects, r => r.Kind == DecisionKind.Replace && r.Subject == only.Id.Value);
        var full = mine.Count(i => !i.Dead) >= goal.Wanted + settings.Rollout.MaxSurge;
        var ceiling = group.IsGoal ? group.Ceiling : Math.Min(group.Ceiling, DeploymentMachine.Within(after, after.Goal!).Ceiling);
        var own = RevisionRoom.Of(after, after.Goal!);
        var noRoom = ceiling <= before.Instances.Length && ceiling - before.Instances.Length + mine.Count <= goal.Wanted + settings.Rollout.MaxSurge && (after.Share is not { } share || share.Instances >= own || !share.MayRise(Math.Min(own, goal.Wanted + settings.Rollout.MaxSurge)));
        Require(taken.Count == 1 && (noRoom || (sick && full)), $"{taken.Count} ready instance(s) were taken away on {news.GetType().Name}, and only {left} of {goal.Wanted} are left");
    }

    private void CheckHeldUp(DeploymentState before, DeploymentEvent news, DeploymentState after)
    {
        if (news is DeploymentEvent.Probed { Report.Answer: ProbeAnswer.NoAnswer } probed && probed.Report.Lateness(settings.StatusCheck.Timeout) > settings.StatusCheck.Tolerance
            && before.Instances.FirstOrDefault(i => i.Id == probed.Id) is { Phase: InstancePhase.Ready })
        {
            Require(after.Instances.First(i => i.Id == probed.Id).Phase != InstancePhase.Suspect, $"{probed.Id} is replaced although the host application itself was held up");
        }
    }

    private static bool HasRecord(ImmutableArray<DeploymentEffect> effects, Func<DeploymentEffect.Record, bool> which)
    {
        foreach (var effect in effects)
        {
            if (effect is DeploymentEffect.Record record && which(record))
            {
                return true;
            }
        }

        return false;
    }
}
