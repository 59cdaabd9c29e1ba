using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <content>What becomes of a canary: routed, failed, judged by its rule.</content>
internal sealed partial class DeploymentMachine
{
    private static bool IsCanary(DeploymentState state, InstanceState instance) => state.Canary?.Revision == instance.Revision;

    /// <summary>While a canary is tried out the revision that serves must be able to do without it; the canary may rely on the other side.</summary>
    private static bool MayAnswerFor(DeploymentState state, InstanceState helper, InstanceState instance) => IsCanary(state, instance) || !IsCanary(state, helper);

    private void CheckCanary(DeploymentTurn turn)
    {
        if (turn.State is not { Canary: { } canary, Goal: { } goal })
        {
            return;
        }

        var (size, settled) = (canary.Size(Within(turn.State, goal)), turn.State.CountSettled(canary.Revision));
        if (settled >= size && (size > 0 || canary.Routed > 0) && (canary.Routed != canary.Spec.Share || canary.Tickets.Length > 0))
        {
            Deliver(turn, canary, settled);
        }
        else if (canary.Deadline is { } deadline && turn.Now.Uptime >= deadline && size == 0)
        {
            turn.State = turn.State with { Canary = canary with { Deadline = Deadline(turn) } };
        }
        else if (canary.Deadline <= turn.Now.Uptime)
        {
            var failure = canary.LastFailure ?? StillStarting(turn.State, canary.Revision);
            GiveUpWaiting(turn, canary, NotInTime(settled, size, failure), failure);
        }

        if (turn.State is { Canary: { NextJudgement: { } at } now, Pause: null } && turn.Now.Uptime >= at && now.Spec.Rule is { } rule)
        {
            turn.Do(new DeploymentEffect.ReadCanary(now.Window, rule.LatencyPercentile));
            turn.State = turn.State with { Canary = now with { NextJudgement = turn.Now.Uptime + rule.Interval } };
        }
    }

    private static void Deliver(DeploymentTurn turn, CanaryState canary, int settled)
    {
        if (canary.Routed != canary.Spec.Share)
        {
            var what = $"route {Percent(canary.Spec.SharePercent)} of the requests to revision {canary.Revision.Short}";
            turn.Record(DecisionKind.Canary, canary.Revision.Short, what, $"{settled} instance(s) of it are ready");
            canary = Route(turn, canary);
        }

        turn.State = turn.State with { Canary = canary with { Tickets = [], Deadline = null } };
        turn.Do(new DeploymentEffect.Store(turn.State.Stable, canary.Tickets));
    }

    private static CanaryState Route(DeploymentTurn turn, CanaryState canary) => canary with
    {
        Routed = canary.Spec.Share,
        RoutedAt = turn.Now,
        Window = canary.Window + 1,
        NextJudgement = canary.Spec.Rule is { } rule ? turn.Now.Uptime + (rule.MinTime > rule.Interval ? rule.MinTime : rule.Interval) : null,
        SaidToStay = false,
    };

    private static void GiveUpWaiting(DeploymentTurn turn, CanaryState canary, string why, StartFailure? failure)
    {
        if (canary.Routed <= 0)
        {
            EndCanary(turn, why, failure, failed: true);
            return;
        }

        turn.Record(DecisionKind.Canary, canary.Revision.Short, $"keep the share of revision {canary.Revision.Short} at {Percent(canary.Routed * 100)} of the requests", why);
        turn.Do(new DeploymentEffect.Refuse(canary.Tickets, failure, $"Revision {canary.Revision.Short} of plugin '{turn.State.Plugin}' keeps its share of {Percent(canary.Routed * 100)}: {why}."));
        turn.State = turn.State with { Canary = canary with { Spec = canary.Spec with { SharePercent = canary.Routed * 100 }, Tickets = [], Deadline = null } };
        turn.Do(new DeploymentEffect.Store(turn.State.Stable, []));
    }

    /// <summary>A canary that fails again and again, or cannot be started at all, is aborted; the revision that serves has not noticed.</summary>
    private void FailCanary(DeploymentTurn turn, InstanceState instance, StartFailure failure)
    {
        turn.State = turn.State with { Canary = turn.State.Canary! with { LastFailure = failure } };
        if (failure.Incurable && turn.State.Canary.Routed <= 0)
        {
            EndCanary(turn, failure.Reason, failure, failed: true);
            return;
        }

        var vacancy = Vacate(turn, instance, failure.Reason);
        if (vacancy.Failures >= settings.BackOff.CrashLoopLimit)
        {
            EndCanary(
                turn, string.Create(CultureInfo.InvariantCulture, $"crash loop, {vacancy.Failures} failures in a row; the last: {failure.Reason}"), failure,
                new DecisionBasis("failures in a row ≥ limit", "abort", "start again").With("failures in a row", vacancy.Failures).With("limit", settings.BackOff.CrashLoopLimit),
                failed: true);
        }
    }

    private void OnCanaryRead(DeploymentTurn turn, DeploymentEvent.CanaryRead read)
    {
        if (turn.State is not { Mode: DeploymentMode.Running, Pause: null, Canary: { RoutedAt: { } since, Spec.Rule: { } rule } canary } || canary.Window != read.Window)
        {
            return;
        }

        var decision = CanaryPolicy.Judge(rule, read.Canary, read.Stable, turn.Now.Uptime - since.Uptime);
        switch (decision.Verdict)
        {
            case CanaryVerdict.Promote:
                OnPromote(turn, [], decision.Reason, decision.Basis);
                break;
            case CanaryVerdict.Abort:
                EndCanary(turn, decision.Reason, canary.LastFailure, decision.Basis, failed: true);
                break;
            case CanaryVerdict.Stay when !canary.SaidToStay:
                turn.Record(DecisionKind.Canary, canary.Revision.Short, $"let the canary of revision {canary.Revision.Short} stay", decision.Reason, decision.Basis);
                turn.State = turn.State with { Canary = canary with { SaidToStay = true } };
                break;
            default:
                break;
        }
    }
}
