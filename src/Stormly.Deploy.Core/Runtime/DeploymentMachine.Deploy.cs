using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>What is wanted: deploys, scaling, removal, and what becomes of a goal.</content>
internal sealed partial class DeploymentMachine
{
    private void OnDeploy(DeploymentTurn turn, DeploymentEvent.DeployWanted wanted)
    {
        var state = turn.State;
        if (state.Mode != DeploymentMode.Running)
        {
            turn.Do(new DeploymentEffect.Refuse(wanted.Tickets, null, $"Plugin '{state.Plugin}' cannot be deployed: its deployment is being ended."));
            return;
        }

        var name = wanted.Goal.Revision.Short;
        if (wanted.Back)
        {
            Resume(turn, "somebody goes back to another revision");
            state = turn.State;
        }

        LeaveCanary(turn, wanted);
        LeaveInterrupted(turn, wanted.Goal);
        state = turn.State;
        if (IsWanted(state, wanted.Goal))
        {
            turn.Record(DecisionKind.Deploy, name, $"keep revision {name}", "it is the one that is wanted already; equal content is the same revision");
            NoteScale(turn, state.Goal!, wanted.Goal);
            turn.State = state with { Goal = wanted.Goal, Tickets = state.Tickets.AddRange(wanted.Tickets), Vacancies = state.Vacancies.RemoveAll(v => v.Revision == wanted.Goal.Revision), ProgressDeadline = Deadline(turn) };
            return;
        }

        if (IsPageOnly(state, wanted.Goal))
        {
            ChangePage(turn, state.Goal!, wanted);
            return;
        }

        if (state.Tickets.Length > 0)
        {
            turn.Record(DecisionKind.Deploy, state.Goal!.Revision.Short, $"give up deploying revision {state.Goal.Revision.Short}", $"revision {name} was deployed after it");
            turn.Do(new DeploymentEffect.Refuse(
                state.Tickets, null, $"Deploying revision {state.Goal.Revision.Short} of plugin '{state.Plugin}' was given up: revision {name} was deployed after it."));
        }

        NoteWanted(turn, wanted);
        turn.State = turn.State with
        {
            Goal = wanted.Goal,
            Tickets = wanted.Tickets,
            KeepTrying = wanted.KeepTrying,
            Resumed = 0,
            Failure = null,
            LastFailure = null,
            Vacancies = state.Vacancies.RemoveAll(v => v.Revision == wanted.Goal.Revision),
            ProgressDeadline = Deadline(turn),
        };
    }

    private static void NoteWanted(DeploymentTurn turn, DeploymentEvent.DeployWanted wanted)
    {
        var (state, name) = (turn.State, wanted.Goal.Revision.Short);
        if (wanted.Back)
        {
            turn.Record(DecisionKind.Rollback, name, $"go back to revision {name} with {wanted.Goal.Wanted} instance(s)", $"it was asked for; {Before(state)}");
        }
        else
        {
            turn.Record(DecisionKind.Deploy, name, $"deploy revision {name} with {wanted.Goal.Wanted} instance(s)", Before(state));
        }

        if (wanted.Back && state.Goal is { } left && left.Revision != wanted.Goal.Revision)
        {
            NoteWithdrawn(turn, left.Revision);
        }

        NoteDeployed(turn, wanted.Goal.Revision);
    }

    private static string Before(DeploymentState state)
        => state.Stable is null ? "nothing served before" : $"revision {state.Stable.Revision.Short} goes on serving until it is ready";

    private void OnRestored(DeploymentTurn turn, DeploymentEvent.Restored restored)
    {
        var goal = restored.Goal;
        NoteRestored(turn, goal.Revision);
        if (!restored.Serve)
        {
            turn.State = turn.State with { Stable = goal };
            return;
        }

        var instead = restored is { Rollout: not null, Paused: false } && turn.State.Instances.Any(i => !i.Leaving);
        turn.Record(
            DecisionKind.Recover, goal.Revision.Short, instead ? $"keep revision {goal.Revision.Short} to go back to" : $"bring revision {goal.Revision.Short} back with {goal.Wanted} instance(s)",
            "it served before the host application ended");
        turn.State = turn.State with { Goal = goal, Stable = goal };
        if (restored.Paused)
        {
            turn.Record(DecisionKind.Pause, goal.Revision.Short, "hold back rollouts", HeldBefore);
            turn.State = turn.State with { Pause = PauseState.Begin(turn.State, turn.Now.Wall) };
        }

        if (restored.Canary is { } canary)
        {
            OnCanary(turn, canary);
            if (turn.State.Canary is null)
            {
                // What was said to be over must not come back with a later start.
                turn.Do(new DeploymentEffect.Store(turn.State.Stable, []));
            }
        }

        if (restored.Rollout is { } rollout)
        {
            OnTakenUp(turn, rollout);
        }
    }

    private static void OnUnusable(DeploymentTurn turn, string reason)
    {
        turn.Record(DecisionKind.Deploy, turn.State.Plugin.Value, "deploy nothing", reason, trouble: true);
        StopUnwanted(turn, reason);
        turn.State = turn.State.Goal is null ? turn.State with { Failure = reason } : turn.State;
    }

    private static void OnAbsent(DeploymentTurn turn, string reason)
    {
        if (turn.State is { Goal: null } state && state.Absence != reason)
        {
            turn.Record(DecisionKind.Recover, state.Plugin.Value, "wait for the backend", reason);
            turn.State = turn.State with { Absence = reason };
        }
    }

    private static void OnScale(DeploymentTurn turn, DeploymentEvent.ScaleWanted wanted)
    {
        if (turn.State is not { Goal: { } goal, Mode: DeploymentMode.Running })
        {
            turn.Do(new DeploymentEffect.Refuse(wanted.Tickets, null, $"Plugin '{turn.State.Plugin}' cannot be scaled: nothing of it is deployed."));
            return;
        }

        var scaled = goal with
        {
            Wanted = wanted.Range?.Clamp(goal.Wanted) ?? wanted.Wanted,
            Range = wanted.Range,
        };
        if (wanted.Of is { } of && of != goal.Revision)
        {
            // The backend was asked about a revision that has made way for this one meanwhile.
            NoteFit(turn, scaled, scaled.Fit());
        }
        else
        {
            scaled = scaled with { Ceiling = wanted.Ceiling, CeilingReason = wanted.CeilingReason };
        }

        NoteScale(turn, goal, scaled.Fit());
        Resize(turn, scaled);
        turn.Do(new DeploymentEffect.Store(turn.State.Stable, wanted.Tickets));
    }

    private void OnEnd(DeploymentTurn turn, DeploymentMode mode)
    {
        if (turn.State.Mode >= mode)
        {
            return;
        }

        var (kind, why) = mode == DeploymentMode.Removing ? (DecisionKind.Remove, "the deployment is removed") : (DecisionKind.Stop, "the host application ends");
        turn.Record(kind, turn.State.Plugin.Value, LetsGo(mode) ? "leave all instances running" : "end all instances", why);
        if (turn.State.Tickets.Length > 0 || turn.State.Canary?.Tickets.Length > 0)
        {
            var becomes = mode == DeploymentMode.Stopping ? "was cut short, and goes on with its next start" : "was given up";
            turn.Do(new DeploymentEffect.Refuse([.. turn.State.Tickets, .. turn.State.Canary?.Tickets ?? []], null, $"Deploying plugin '{turn.State.Plugin}' {becomes}: {why}."));
        }

        if (mode == DeploymentMode.Removing)
        {
            turn.Do(new DeploymentEffect.Forget());
        }

        var canary = turn.State.Canary is { } tried ? tried with { Tickets = [] } : null;
        turn.State = turn.State with { Mode = mode, Tickets = [], Canary = canary, Vacancies = [], ProgressDeadline = null };
    }

    private void WindUp(DeploymentTurn turn)
    {
        foreach (var instance in turn.State.Instances)
        {
            EndOrLetGo(turn, instance);
        }

        if (turn.State.Instances.IsEmpty)
        {
            turn.Do(new DeploymentEffect.Finish(turn.State.Mode == DeploymentMode.Removing));
            turn.State = turn.State with { Mode = DeploymentMode.Over };
        }
    }

    private TimeSpan Deadline(DeploymentTurn turn) => turn.Now.Uptime + settings.Start.Deadline + settings.Rollout.MinReadyTime + settings.Rollout.ProgressSlack;

    private void CheckProgress(DeploymentTurn turn)
    {
        if (turn.State is not { ProgressDeadline: { } deadline, Goal: { } goal } state || turn.Now.Uptime < deadline)
        {
            return;
        }

        if (WaitsForRoom(state, goal))
        {
            turn.State = state with { ProgressDeadline = Deadline(turn) };
            return;
        }

        var ready = state.CountSettled(goal.Revision);
        var basis = new DecisionBasis("now ≥ deadline, moved on by every instance that becomes ready", "give up", "wait on")
            .With("over the deadline by", turn.Now.Uptime - deadline).With("start deadline", settings.Start.Deadline).With("min ready time", settings.Rollout.MinReadyTime)
            .With("slack", settings.Rollout.ProgressSlack).With("ready", ready).With("wanted", goal.Wanted);
        var failure = state.LastFailure ?? StillStarting(state, goal.Revision);
        GiveUp(turn, failure, NotInTime(ready, goal.Wanted, failure), basis);
    }

    /// <summary>Whether the goal had no chance yet: nothing of it failed or is starting, and its next instance can start only when others have left, or only now.</summary>
    private static bool WaitsForRoom(DeploymentState state, FleetGoal goal)
        => state.Vacancies.IsEmpty
            && !state.Instances.Any(i => i.Phase == InstancePhase.Starting && i.Revision == goal.Revision)
            && (state.Instances.Any(i => i is { Leaving: true }) || state.Instances.Count(i => i.Phase == InstancePhase.Ready && i.Revision == goal.Revision) < goal.Wanted);

    /// <summary>Ends the wait for the goal; one that never served makes way for the one before.</summary>
    private static void GiveUp(DeploymentTurn turn, StartFailure? failure, string reason, DecisionBasis? basis = null)
    {
        var state = turn.State;
        var name = state.Goal!.Revision.Short;
        var why = reason + LastWords(failure?.OutputTail);
        turn.Do(new DeploymentEffect.Refuse(state.Tickets, failure, $"Revision {name} of plugin '{state.Plugin}' did not become ready: {reason}."));
        turn.State = state with { Tickets = [], ProgressDeadline = null };
        if (state.Proven || state.KeepTrying)
        {
            return;
        }

        turn.Record(DecisionKind.Deploy, name, $"give up revision {name}", why, basis, trouble: true);
        NoteFailed(turn, state.Goal.Revision, why);
        foreach (var instance in state.Instances.Where(i => i.Revision == state.Goal.Revision && (state.Stable is null || i.Phase == InstancePhase.Starting)))
        {
            // Those that took the place of others serve on until these are back: the plan exchanges them.
            BeginStop(turn, instance);
        }

        if (state.Stable is { } stable)
        {
            turn.Record(DecisionKind.Rollback, stable.Revision.Short, $"go back to revision {stable.Revision.Short}", $"revision {name} did not become ready: {why}", basis);
            NoteFit(turn, state.Goal, stable);
            // Requests that came meanwhile wait for whatever comes: where that is none by itself, they are counted at once.
            var scale = turn.State.Scale is { } following && stable.Wanted == 0 ? following with { NextTick = turn.Now.Uptime } : turn.State.Scale;
            turn.State = turn.State with { Goal = stable, Vacancies = [], LastFailure = null, Resumed = 0, Scale = scale };
        }
        else
        {
            turn.State = turn.State with { Failure = reason, Vacancies = [] };
        }
    }

    private static void CheckGoal(DeploymentTurn turn)
    {
        if (turn.State is not { Goal: { } goal, Failure: null } state || state is { Pause: not null, Proven: false } || state.CountSettled(goal.Revision) < Needed(state))
        {
            return;
        }

        if (state.Stable != goal || state.Tickets.Length > 0)
        {
            if (!state.Proven)
            {
                turn.Record(DecisionKind.Deploy, goal.Revision.Short, $"revision {goal.Revision.Short} serves", $"all {Needed(state)} wanted instance(s) are ready");
                NoteServed(turn, goal.Revision);
                state = turn.State;
            }

            turn.Do(new DeploymentEffect.Store(goal, state.Tickets));
        }

        turn.State = state with { Stable = goal, Tickets = [], ProgressDeadline = null, KeepTrying = false, LastFailure = null, Resumed = 0 };
    }
}
