using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// The whole control logic of one deployment as a function: (state, event, now) → (state, effects). It knows no clock, lock, task or logger, so
/// that a played timeline or a seeded simulation sees exactly what the product does.
/// </summary>
internal sealed partial class DeploymentMachine(MachineSettings settings)
{
    public (DeploymentState State, ImmutableArray<DeploymentEffect> Effects) Apply(DeploymentState state, DeploymentEvent news, Moment now)
    {
        if (state.Mode == DeploymentMode.Over)
        {
            return (state, []);
        }

        var turn = new DeploymentTurn(state, now);
        Observe(turn, news);
        if (turn.State.Mode == DeploymentMode.Running)
        {
            ReturnEjected(turn);
            Scale(turn, news);
            KeepPaused(turn);
            ResumeInterrupted(turn);
            CheckProgress(turn);
            Plan(turn);
            CheckGoal(turn);
            CheckCanary(turn);
            RunExamples(turn);
            AskForStatus(turn);
        }
        else
        {
            WindUp(turn);
        }

        if (turn.State.Revisions != state.Revisions)
        {
            turn.Do(new DeploymentEffect.Remember(turn.State.Revisions));
        }

        NoteRollout(turn, state, news);
        return (turn.State, turn.Effects);
    }

    /// <summary>When time alone changes something; null where only news does.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Monotonic time.</returns>
    public static TimeSpan? NextWake(DeploymentState state, TimeSpan now)
    {
        if (state.Mode != DeploymentMode.Running)
        {
            return null;
        }

        var next = Earlier(Earlier(state.ProgressDeadline, state.Scale?.NextTick), state.Pause is null ? state.Interrupted?.Deadline : null);
        next = Earlier(Earlier(next, state.Canary?.Deadline), state.Pause is null ? state.Canary?.NextJudgement : null);
        foreach (var instance in state.Instances)
        {
            next = Earlier(next, instance.NextProbe);
            next = Earlier(next, instance is { Phase: InstancePhase.Ready, Dead: false } ? instance.Outlier.EjectedUntil : null);
        }

        foreach (var vacancy in state.Failure is null ? state.Vacancies : [])
        {
            next = Earlier(next, vacancy.NotBefore > now ? vacancy.NotBefore : null);
        }

        return next;
    }

    private void Observe(DeploymentTurn turn, DeploymentEvent news)
    {
        if (news is DeploymentEvent.DeployWanted or DeploymentEvent.Restored or DeploymentEvent.Unusable)
        {
            turn.State = turn.State with { Absence = null };
        }

        switch (news)
        {
            case DeploymentEvent.DeployWanted e: OnDeploy(turn, e with { Goal = Sized(turn.State, e.Goal) }); break;
            case DeploymentEvent.Restored e: OnRestored(turn, e); break;
            case DeploymentEvent.TakenUp e: OnTakenUp(turn, e); break;
            case DeploymentEvent.RolloutHeld e: OnRolloutHeld(turn, e); break;
            case DeploymentEvent.Forgone e: OnForgone(turn, e); break;
            case DeploymentEvent.Pruned e: OnPruned(turn, e); break;
            case DeploymentEvent.Unusable e: OnUnusable(turn, e.Reason); break;
            case DeploymentEvent.Absent e: OnAbsent(turn, e.Reason); break;
            case DeploymentEvent.ScaleWanted e: OnScale(turn, e); break;
            case DeploymentEvent.PauseWanted e: OnPause(turn, e); break;
            case DeploymentEvent.ResumeWanted e: OnResume(turn, e); break;
            case DeploymentEvent.Allowed e: OnAllowed(turn, e); break;
            case DeploymentEvent.CanaryWanted e: OnCanary(turn, e); break;
            case DeploymentEvent.CanaryShareWanted e: OnCanaryShare(turn, e); break;
            case DeploymentEvent.PromoteWanted e: OnPromote(turn, e.Tickets, "it was asked for", null); break;
            case DeploymentEvent.AbortWanted e: OnAbort(turn, e); break;
            case DeploymentEvent.CanaryRead e: OnCanaryRead(turn, e); break;
            case DeploymentEvent.RemoveWanted: OnEnd(turn, DeploymentMode.Removing); break;
            case DeploymentEvent.StopWanted: OnEnd(turn, DeploymentMode.Stopping); break;
            case DeploymentEvent.LaunchFailed e: OnLaunchFailed(turn, e.Failure); break;
            case DeploymentEvent.SourceSeen e: OnSourceSeen(turn, e); break;
            case DeploymentEvent.SourceKept: turn.Do(new DeploymentEffect.Store(turn.State.Stable, [])); break;
            case DeploymentEvent.Adopted e when turn.Find(e.Id) is null: OnAdopted(turn, e); break;
            case DeploymentEvent.LetGone e when turn.Find(e.Id) is { } i: OnLetGone(turn, i); break;
            case DeploymentEvent.Noted e: turn.Record(e.Kind, e.Subject, e.What, e.Why, trouble: e.Trouble); break;
            case DeploymentEvent.Launched e when turn.Find(e.Id) is { } i: OnLaunched(turn, i, e.Address); break;
            case DeploymentEvent.Exited e when turn.Find(e.Id) is { Dead: false } i: OnExited(turn, i, e.Exit); break;
            case DeploymentEvent.Probed e when turn.Find(e.Id) is { } i: OnProbed(turn, i, e); break;
            case DeploymentEvent.Verified e when turn.Find(e.Id) is { Verifying: true, Leaving: false } i: OnVerified(turn, i, e); break;
            case DeploymentEvent.Troubled e when turn.Find(e.Id) is { } i: OnTroubled(turn, i); break;
            case DeploymentEvent.TrafficFailed e when turn.Find(e.Id) is { } i: OnTraffic(turn, i, e.Reading); break;
            case DeploymentEvent.Drained e when turn.Find(e.Id) is { Phase: InstancePhase.Draining } i:
                turn.Put(i with { Phase = InstancePhase.Stopping });
                break;
            case DeploymentEvent.Ended e when turn.Find(e.Id) is { } i: OnEnded(turn, i, e.Problem); break;
            default: break;
        }
    }

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => a is null ? b : b is null ? a : a < b ? a : b;
}
