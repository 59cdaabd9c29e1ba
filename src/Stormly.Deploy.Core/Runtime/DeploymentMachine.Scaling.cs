using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <content>The wanted number where it follows the load.</content>
internal sealed partial class DeploymentMachine
{
    private void Scale(DeploymentTurn turn, DeploymentEvent news)
    {
        if (turn.State.Goal is not { Range: { } range } goal)
        {
            turn.State = turn.State.Scale is null ? turn.State : turn.State with { Scale = null };
            return;
        }

        var spec = new ScaleSpec(range, settings.Scaling, goal.MaxRequestsPerInstance ?? settings.MaxRequestsPerInstance);
        turn.State = turn.State with { Scale = turn.State.Scale ?? BeginScale(spec, goal, turn.Now.Uptime) };
        if (news is DeploymentEvent.Demand { Reading: var reading })
        {
            Reconsider(turn, spec, goal, turn.State.Scale!, reading);
        }
    }

    private static ScaleState BeginScale(ScaleSpec spec, FleetGoal goal, TimeSpan now)
        => new() { Memory = ScaleMemory.Begin(spec, goal.Wanted, now), NextTick = now + spec.Options.Tick };

    private static void Reconsider(DeploymentTurn turn, ScaleSpec spec, FleetGoal goal, ScaleState scale, DemandReading reading)
    {
        if (turn.Now.Uptime >= scale.NextTick)
        {
            var signals = new ScaleSignals
            {
                InFlight = scale.Last is { } last ? reading.MeanSince(last) : reading.Present,
                Present = reading.Present,
                Wanted = goal.Wanted,
                Ready = turn.State.Instances.Count(i => i.TakesRequests),
                Starting = turn.State.Instances.Count(i => i is { Phase: InstancePhase.Starting, Dead: false }),
                StartTook = turn.State.LastStartTook,
                ServiceSeconds = reading.ServiceSeconds,
                ArrivalsPerSecond = scale.Last is { } before ? reading.RateSince(before) : 0,
                Held = turn.State.Proven ? null : "a revision is coming in",
            };
            var decision = ScalePlanner.Decide(spec, scale.Memory, signals, turn.Now.Uptime);
            turn.State = turn.State with { Scale = scale with { Memory = decision.Memory, Last = reading, NextTick = turn.Now.Uptime + spec.Options.Tick } };
            Follow(turn, decision);
        }

        if (turn.State is { Goal.Wanted: 0, Scale: { } now } && reading.Present > 0)
        {
            var decision = ScalePlanner.Wake(spec, now.Memory, reading.Present, turn.State.LastStartTook, turn.Now.Uptime);
            turn.State = turn.State with { Scale = now with { Memory = decision.Memory } };
            Follow(turn, decision);
        }
    }

    private static void Follow(DeploymentTurn turn, ScaleDecision decision)
    {
        if (turn.State is not { Goal: { } goal, Failure: null })
        {
            return;
        }

        if (goal.Wanted == decision.Wanted)
        {
            if (decision.Tell)
            {
                turn.Record(DecisionKind.Scale, turn.State.Plugin.Value, $"order no more than {goal.Wanted} instance(s)", decision.Why, decision.Basis);
            }

            return;
        }

        var what = string.Create(CultureInfo.InvariantCulture, $"change the wanted number of instances from {goal.Wanted} to {decision.Wanted}");
        turn.Record(DecisionKind.Scale, turn.State.Plugin.Value, what, decision.Why, decision.Basis);
        Resize(turn, goal with { Wanted = decision.Wanted });
        if (turn.State.Stable is { } stable)
        {
            turn.Do(new DeploymentEffect.Store(stable, []));
        }
    }

    /// <summary>Gives the goal another size, and what would be gone back to the same, as far as the backend can run it.</summary>
    private static void Resize(DeploymentTurn turn, FleetGoal goal) => turn.State = turn.State with
    {
        Goal = goal.Fit(),
        FromZero = turn.State.FromZero || turn.State.Goal?.Wanted == 0 || goal.Wanted == 0,
        Stable = turn.State.Stable is not { } before || before.Revision == goal.Revision
            ? turn.State.Stable is null ? null : goal.Fit()
            : (before with { Wanted = goal.Wanted, Range = goal.Range }).Fit(),
        Interrupted = turn.State.Interrupted is not { Rollout: var waiting } interrupted ? null
            : interrupted with { Rollout = waiting with { Goal = (waiting.Goal with { Wanted = goal.Wanted, Range = goal.Range }).Fit() } },
    };

    /// <summary>Says what a revision cannot have of what was asked for the one whose place it takes.</summary>
    private static void NoteFit(DeploymentTurn turn, FleetGoal asked, FleetGoal fits)
    {
        if ((asked with { Ceiling = fits.Ceiling }).IsTooMuch)
        {
            var basis = new DecisionBasis("min(asked for, what the backend can run)", Size(fits), Size(asked)).With("ceiling", fits.Ceiling);
            turn.Record(
                DecisionKind.Scale, turn.State.Plugin.Value, $"have {Size(fits)} instance(s) of revision {fits.Revision.Short}, not {Size(asked)}",
                string.Create(CultureInfo.InvariantCulture, $"the backend can run {fits.Ceiling} of it at once: {fits.CeilingReason}"), basis);
        }
    }

    private static string Size(FleetGoal goal) => goal.Range?.ToString() ?? goal.Wanted.ToString(CultureInfo.InvariantCulture);

    private static void NoteScale(DeploymentTurn turn, FleetGoal before, FleetGoal after)
    {
        if (before.Range != after.Range && after.Range is { } range)
        {
            turn.Record(DecisionKind.Scale, turn.State.Plugin.Value, $"let the wanted number of instances follow the load, from {range.Min} to {range.Max}", "it was asked for");
        }

        if (before.Range is not null && after.Range is null)
        {
            turn.Record(DecisionKind.Scale, turn.State.Plugin.Value, $"let the load change the wanted number of instances no more, and keep {after.Wanted}", "it was asked for");
        }

        if (before.Wanted != after.Wanted)
        {
            turn.Record(DecisionKind.Scale, turn.State.Plugin.Value, $"change the wanted number of instances from {before.Wanted} to {after.Wanted}", "it was asked for");
        }
    }

    /// <summary>A deploy does not know how far the load has brought the number meanwhile; a revision that must prove itself gets one instance at least.</summary>
    private static FleetGoal Sized(DeploymentState state, FleetGoal goal)
    {
        if (goal.Range is not { } range)
        {
            return goal;
        }

        var proves = !state.Proven || !(IsWanted(state, goal) || IsPageOnly(state, goal));
        return goal with { Wanted = range.Clamp(Math.Max(proves ? 1 : 0, (state.Goal ?? state.Stable)?.Wanted ?? 1)) };
    }
}
