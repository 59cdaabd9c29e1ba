using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>A rollout that was under way when the host application ended, and comes in again with its next start.</content>
internal sealed partial class DeploymentMachine
{
    private const string HeldBefore = "they were paused before the host application ended";

    /// <summary>
    /// Where something of the deployment lives on, where nothing ever served, and where rollouts are paused, the revision is wanted at once and comes in beside what there is.
    /// Else what served comes back first: the newer revision is the one that may be no good.
    /// </summary>
    private void OnTakenUp(DeploymentTurn turn, DeploymentEvent.TakenUp taken)
    {
        var rollout = new RolloutState(taken.Goal, taken.KeepTrying, taken.Times);
        if (turn.State is not { Mode: DeploymentMode.Running, Failure: null } state || state.Goal?.Revision == taken.Goal.Revision)
        {
            return;
        }

        if (state is { Goal: { } before, Pause: null } && state.Instances.All(i => i.Leaving))
        {
            turn.Record(
                DecisionKind.Recover, taken.Goal.Revision.Short, $"take up the rollout of revision {taken.Goal.Revision.Short} again once revision {before.Revision.Short} is back",
                "it was under way when the host application ended, and nothing of the deployment lives on");
            turn.State = state with { Interrupted = new InterruptedRollout(rollout, Deadline(turn)) };
            return;
        }

        TakeUp(turn, rollout, Before(state));
        if (taken.Paused && state.Goal is null)
        {
            // What lives on goes on as it is. Where nothing does, all of it comes back although it was not all there: nothing else would serve until somebody resumes it.
            var (now, goal) = (turn.State, turn.State.Goal!);
            turn.Record(DecisionKind.Pause, goal.Revision.Short, "hold back rollouts", HeldBefore);
            turn.State = now with { Pause = now.Instances.Any(i => i is { Leaving: false, Dead: false }) ? PauseState.Begin(now, turn.Now.Wall) : PauseState.Whole(goal, turn.Now.Wall) };
        }
    }

    /// <summary>What served before is back, or has had its time.</summary>
    private void ResumeInterrupted(DeploymentTurn turn)
    {
        if (turn.State is not { Interrupted: { } waiting, Pause: null, Goal: { } goal } state)
        {
            return;
        }

        var (ready, needed) = (state.CountSettled(goal.Revision), Needed(state));
        if (turn.Now.Uptime >= waiting.Deadline)
        {
            var back = ready >= needed;
            TakeUp(turn, waiting.Rollout, string.Create(
                CultureInfo.InvariantCulture,
                $"{(back ? $"revision {goal.Revision.Short} serves again" : $"{ready} of {needed} instances of revision {goal.Revision.Short} came back, and no more is waited for them")}"));
        }
        else if (ready >= needed)
        {
            // In a step of its own, so that what has just become ready is seen as ready.
            turn.State = state with { Interrupted = waiting with { Deadline = turn.Now.Uptime } };
        }
    }

    private void TakeUp(DeploymentTurn turn, RolloutState rollout, string before)
    {
        var (state, name) = (turn.State, rollout.Goal.Revision.Short);
        if (state.Canary is not null)
        {
            EndCanary(turn, $"the rollout of revision {name} is taken up again");
            state = turn.State;
        }

        turn.Record(
            DecisionKind.Recover, name, $"take up the rollout of revision {name} again with {rollout.Goal.Wanted} instance(s)", $"it was under way when the host application ended; {before}",
            new DecisionBasis("times taken up ≤ limit", "take it up again", "hold it").With("times taken up", rollout.Resumed).With("limit", settings.Rollout.Resumes));
        turn.State = state with
        {
            Goal = Sized(state, rollout.Goal),
            KeepTrying = rollout.KeepTrying,
            Resumed = rollout.Resumed,
            Interrupted = null,
            LastFailure = null,
            Vacancies = state.Vacancies.RemoveAll(v => v.Revision == rollout.Goal.Revision),
            ProgressDeadline = Deadline(turn),
        };
    }

    /// <summary>It is not taken up again: what served is what is wanted.</summary>
    private static void OnRolloutHeld(DeploymentTurn turn, DeploymentEvent.RolloutHeld held)
    {
        turn.Record(DecisionKind.Recover, held.Revision.Short, $"not take up the rollout of revision {held.Revision.Short} again", $"it was under way when the host application ended; {held.Why}", trouble: held.Failed);
        if (held.Failed)
        {
            NoteFailed(turn, held.Revision, held.Why);
        }

        if (!held.ForGood)
        {
            turn.Do(new DeploymentEffect.Undertake(null));
        }
    }

    /// <summary>What was said to be over must not come back with a later start, nor be said again.</summary>
    private static void OnForgone(DeploymentTurn turn, DeploymentEvent.Forgone forgone)
    {
        if (forgone.Pause)
        {
            turn.Record(DecisionKind.Recover, turn.State.Plugin.Value, "not hold back rollouts any more", forgone.Why, trouble: true);
        }

        if (forgone.Canary is { } canary)
        {
            turn.Record(DecisionKind.Recover, canary.Short, $"not bring the canary of revision {canary.Short} back", forgone.Why, trouble: true);
        }

        turn.Do(new DeploymentEffect.Forgo(forgone.Pause, forgone.Canary is not null));
    }

    /// <summary>Whatever is deployed takes the place of what would come in by itself.</summary>
    private static void LeaveInterrupted(DeploymentTurn turn, FleetGoal wanted)
    {
        if (turn.State.Interrupted is not { } waiting)
        {
            return;
        }

        turn.State = turn.State with { Interrupted = null };
        if (waiting.Rollout.Goal.Revision != wanted.Revision)
        {
            var name = waiting.Rollout.Goal.Revision.Short;
            turn.Record(DecisionKind.Deploy, name, $"not take up the rollout of revision {name} again", $"revision {wanted.Revision.Short} was deployed after it");
        }
    }

    /// <summary>
    /// Stores the rollout that is under way whenever another one is, or none; a planned end counts as none of those that may be its fault. A deploy says so in any case:
    /// one of an earlier run that was not taken up may still be stored, and what was deployed after it must not make way for it with the next start.
    /// </summary>
    private static void NoteRollout(DeploymentTurn turn, DeploymentState before, DeploymentEvent news)
    {
        var (old, now) = (RolloutState.Of(before), RolloutState.Of(turn.State));
        if (before.Mode == DeploymentMode.Running && turn.State.Mode == DeploymentMode.Stopping)
        {
            now = now is null ? null : now with { Resumed = 0 };
        }
        else if (turn.State.Mode != DeploymentMode.Running)
        {
            return;
        }

        if (old != now || (now is null && news is DeploymentEvent.DeployWanted))
        {
            turn.Do(new DeploymentEffect.Undertake(now));
        }
    }
}
