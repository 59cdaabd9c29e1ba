using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <content>A pause: everything goes on as it stands, and no revision takes the place of another.</content>
internal sealed partial class DeploymentMachine
{
    private static void OnPause(DeploymentTurn turn, DeploymentEvent.PauseWanted wanted)
    {
        if (turn.State is not { Goal: { } goal, Mode: DeploymentMode.Running } state)
        {
            turn.Do(new DeploymentEffect.Refuse(wanted.Tickets, null, $"Plugin '{turn.State.Plugin}' cannot be paused: nothing of it is deployed."));
            return;
        }

        if (state.Pause is null)
        {
            var pause = PauseState.Begin(state, turn.Now.Wall);
            var why = state.Proven ? "it was asked for; the next rollout waits until it is resumed" : $"it was asked for; {Describe(pause)} go on as they are";
            turn.Record(DecisionKind.Pause, goal.Revision.Short, state.Proven ? "hold back rollouts" : $"pause the rollout of revision {goal.Revision.Short}", why);
            turn.State = state with { Pause = pause };
        }

        turn.Do(new DeploymentEffect.Store(turn.State.Stable, wanted.Tickets));
    }

    private void OnResume(DeploymentTurn turn, DeploymentEvent.ResumeWanted wanted)
    {
        if (turn.State is not { Goal: not null, Mode: DeploymentMode.Running })
        {
            turn.Do(new DeploymentEffect.Refuse(wanted.Tickets, null, $"Plugin '{turn.State.Plugin}' cannot be resumed: nothing of it is deployed."));
            return;
        }

        Resume(turn, "it was asked for");
        turn.Do(new DeploymentEffect.Store(turn.State.Stable, wanted.Tickets));
    }

    /// <summary>Lets rollouts go on; the one under way gets its whole time again.</summary>
    private void Resume(DeploymentTurn turn, string why)
    {
        if (turn.State is { Pause: not null, Goal: { } goal } state)
        {
            turn.Record(DecisionKind.Pause, goal.Revision.Short, state.Proven ? "let rollouts go on" : $"resume the rollout of revision {goal.Revision.Short}", why);
            turn.State = state with { Pause = null, ProgressDeadline = state is { Proven: true, Tickets: [] } ? null : Deadline(turn) };
        }
    }

    /// <summary>Time does not count while a rollout is paused, and a changed number is shared out.</summary>
    private static void KeepPaused(DeploymentTurn turn)
    {
        if (turn.State is not { Pause: { } pause, Goal: { } asked } state)
        {
            return;
        }

        var goal = Within(state, asked);
        if (goal.Wanted != pause.Wanted)
        {
            var held = HeldNumbers.Scale(pause.Held, pause.Wanted, goal.Wanted, Serving(state.Stable ?? asked));
            pause = pause with { Wanted = goal.Wanted, Held = held };
            turn.Record(
                DecisionKind.Scale, state.Plugin.Value, $"keep {Describe(pause)}",
                $"{goal.Wanted} are wanted{(goal.Wanted < asked.Wanted ? " and have room" : "")} now, and while rollouts are paused each revision keeps its part, rounded in favour of the one that served before");
        }

        if (pause != state.Pause || state.ProgressDeadline is not null)
        {
            turn.State = state with { Pause = pause, ProgressDeadline = null };
        }
    }

    private static HeldRevision Serving(FleetGoal goal) => new(goal.Revision, 0, goal.Ceiling);

    private static string Describe(PauseState pause)
        => string.Join(" and ", pause.Held.Select(h => $"{h.Instances} instance(s) of revision {h.Revision.Short}").DefaultIfEmpty("no instance"));
}
