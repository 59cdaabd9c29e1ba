using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <content>A canary: a revision that is tried out beside the one that serves, until it is promoted or aborted.</content>
internal sealed partial class DeploymentMachine
{
    private void OnCanary(DeploymentTurn turn, DeploymentEvent.CanaryWanted wanted)
    {
        if (WhyNoCanary(turn.State, wanted) is { } why)
        {
            turn.Do(new DeploymentEffect.Refuse(wanted.Tickets, null, $"Revision {wanted.Goal.Revision.Short} of plugin '{turn.State.Plugin}' cannot be tried out: {why}."));
            turn.Record(DecisionKind.Canary, wanted.Goal.Revision.Short, $"not try revision {wanted.Goal.Revision.Short} out", why);
            return;
        }

        if (turn.State.Canary is { } there && there.Revision == wanted.Goal.Revision)
        {
            Reshare(turn, there, wanted.Spec, wanted.Tickets);
            return;
        }

        if (turn.State.Canary is not null)
        {
            EndCanary(turn, $"revision {wanted.Goal.Revision.Short} is to be tried out in its place");
        }

        var name = wanted.Goal.Revision.Short;
        var canary = new CanaryState { Goal = wanted.Goal, Spec = wanted.Spec, Keys = [.. wanted.Spec.Keys], Tickets = wanted.Tickets, Deadline = Deadline(turn) };
        turn.State = turn.State with { Canary = canary };
        var size = canary.Size(turn.State.Goal!);
        if (wanted.Back)
        {
            turn.Record(DecisionKind.Recover, name, $"bring the canary of revision {name} back with {size} instance(s)", "it was tried out before the host application ended");
            return;
        }

        NoteDeployed(turn, wanted.Goal.Revision);
        turn.Record(
            DecisionKind.Canary, name, $"try revision {name} out on {Percent(wanted.Spec.SharePercent)} of the requests, with {size} instance(s)",
            $"revision {turn.State.Goal!.Revision.Short} goes on serving the rest",
            new DecisionBasis("max(1, round(share × wanted))", $"{size} instance(s)").With("share", Percent(wanted.Spec.SharePercent)).With("wanted", turn.State.Goal.Wanted));
        turn.Do(new DeploymentEffect.Store(turn.State.Stable, []));
    }

    private static string? WhyNoCanary(DeploymentState state, DeploymentEvent.CanaryWanted wanted) => state switch
    {
        { Mode: not DeploymentMode.Running } => "its deployment is being ended",
        { Goal: null } => "nothing of the plugin is deployed; deploy a first revision",
        { Interrupted: not null } => "a rollout waits to be taken up again; wait for it to end, or deploy",
        { Failure: not null } or { Proven: false } => "no revision serves as a whole; wait for the rollout to end, or go back",
        { Goal: { } goal } when goal.Revision == wanted.Goal.Revision => "it is the one that serves; equal content is the same revision",
        { Pause: not null } when !wanted.Back && state.Canary?.Revision != wanted.Goal.Revision => "rollouts are paused; resume them first",
        { Goal: { Wanted: > 0 } goal } => NoRoom(wanted.Back ? goal : Within(state, goal), wanted.Goal),
        _ => null,
    };

    private static string? NoRoom(FleetGoal goal, FleetGoal canary)
    {
        if (Math.Min(goal.Ceiling, canary.Ceiling) > goal.Wanted)
        {
            return null;
        }

        var (ceiling, reason) = goal.Ceiling < canary.Ceiling ? (goal.Ceiling, goal.CeilingReason) : (canary.Ceiling, canary.CeilingReason);
        return $"there is no room for it beside the {goal.Wanted} wanted instance(s): the backend can run {ceiling} at once ({reason}); want fewer instances, or deploy it";
    }

    private void OnCanaryShare(DeploymentTurn turn, DeploymentEvent.CanaryShareWanted wanted)
        => WithCanary(turn, wanted.Tickets, "get another share", canary => Reshare(turn, canary, canary.Spec with { SharePercent = wanted.SharePercent }, wanted.Tickets));

    /// <summary>More is routed once there are instances enough for it, less at once.</summary>
    private void Reshare(DeploymentTurn turn, CanaryState canary, CanarySpec spec, ImmutableArray<long> tickets)
    {
        if (spec.SharePercent != canary.Spec.SharePercent)
        {
            turn.Record(
                DecisionKind.Canary, canary.Revision.Short, $"change the share of revision {canary.Revision.Short} from {Percent(canary.Spec.SharePercent)} to {Percent(spec.SharePercent)} of the requests",
                "it was asked for");
        }

        canary = canary with { Spec = spec, Keys = [.. spec.Keys], Tickets = canary.Tickets.AddRange(tickets), Deadline = Deadline(turn), NextJudgement = spec.Rule is null ? null : canary.NextJudgement ?? turn.Now.Uptime };
        turn.State = turn.State with { Canary = canary.Routed > spec.Share ? Route(turn, canary) : canary };
    }

    /// <summary>The canary becomes the goal; from here it is a rollout like any other, in which its instances count.</summary>
    private void OnPromote(DeploymentTurn turn, ImmutableArray<long> tickets, string why, DecisionBasis? basis) => WithCanary(turn, tickets, "be promoted", canary =>
    {
        var refusal = turn.State.Pause is not null ? "rollouts are paused; resume them first" : canary.Routed <= 0 ? "it gets no requests yet; wait until its instances are ready" : null;
        if (refusal is not null)
        {
            turn.Do(new DeploymentEffect.Refuse(tickets, null, $"The canary of plugin '{turn.State.Plugin}' cannot be promoted: {refusal}."));
            return;
        }

        var (name, before) = (canary.Revision.Short, turn.State.Goal!);
        turn.Record(DecisionKind.Canary, name, $"promote revision {name}", why, basis);
        turn.Do(new DeploymentEffect.Refuse(canary.Tickets, null, $"The share of revision {name} of plugin '{turn.State.Plugin}' was not changed: it is promoted."));
        NoteDeployed(turn, canary.Revision);
        var goal = (before with { Revision = canary.Revision, Runtime = canary.Goal.Runtime, Ceiling = canary.Goal.Ceiling, CeilingReason = canary.Goal.CeilingReason }).Fit();
        NoteFit(turn, before, goal);
        turn.State = turn.State with
        {
            Canary = null,
            Goal = goal,
            Tickets = turn.State.Tickets.AddRange(tickets),
            KeepTrying = false,
            LastFailure = null,
            ProgressDeadline = Deadline(turn),
        };
        turn.Do(new DeploymentEffect.Store(turn.State.Stable, []));
    });

    private static void OnAbort(DeploymentTurn turn, DeploymentEvent.AbortWanted wanted) => WithCanary(turn, wanted.Tickets, "be aborted", _ =>
    {
        EndCanary(turn, wanted.Reason is { Length: > 0 } reason ? $"it was asked for: {reason}" : "it was asked for");
        turn.Do(new DeploymentEffect.Store(turn.State.Stable, wanted.Tickets));
    });

    private static void WithCanary(DeploymentTurn turn, ImmutableArray<long> tickets, string what, Action<CanaryState> then)
    {
        if (turn.State is { Mode: DeploymentMode.Running, Canary: { } canary })
        {
            then(canary);
        }
        else
        {
            turn.Do(new DeploymentEffect.Refuse(tickets, null, $"No canary of plugin '{turn.State.Plugin}' can {what}: there is none."));
        }
    }

    /// <summary>A deploy of another revision ends the canary; one of the canary's own makes it the goal.</summary>
    private static void LeaveCanary(DeploymentTurn turn, DeploymentEvent.DeployWanted wanted)
    {
        if (turn.State.Canary is not { } canary || IsWanted(turn.State, wanted.Goal))
        {
            return;
        }

        if (canary.Revision != wanted.Goal.Revision)
        {
            EndCanary(turn, wanted.Back ? "somebody goes back to another revision" : $"revision {wanted.Goal.Revision.Short} was deployed");
            return;
        }

        turn.Record(DecisionKind.Canary, canary.Revision.Short, $"promote revision {canary.Revision.Short}", "it was deployed");
        turn.Do(new DeploymentEffect.Refuse(canary.Tickets, null, $"The share of revision {canary.Revision.Short} of plugin '{turn.State.Plugin}' was not changed: it was deployed."));
        turn.State = turn.State with { Canary = null };
        turn.Do(new DeploymentEffect.Store(turn.State.Stable, []));
    }

    /// <summary>Gives all requests back to the revision that serves, at once.</summary>
    private static void EndCanary(DeploymentTurn turn, string why, StartFailure? failure = null, DecisionBasis? basis = null, bool failed = false)
    {
        var (canary, reason) = (turn.State.Canary!, why + LastWords(failure?.OutputTail));
        var name = canary.Revision.Short;
        turn.Record(DecisionKind.Canary, name, $"abort the canary of revision {name}", reason, basis, trouble: failed);
        turn.Do(new DeploymentEffect.Refuse(canary.Tickets, failure, $"The canary of revision {name} of plugin '{turn.State.Plugin}' was aborted: {why}."));
        if (failed)
        {
            NoteFailed(turn, canary.Revision, reason);
        }
        else
        {
            NoteWithdrawn(turn, canary.Revision);
        }

        turn.State = turn.State with { Canary = null };
        foreach (var instance in turn.State.Instances.Where(i => i.Revision == canary.Revision))
        {
            BeginStop(turn, instance);
        }

        turn.Do(new DeploymentEffect.Store(turn.State.Stable, []));
    }

    private static string Percent(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.###} %");
}
