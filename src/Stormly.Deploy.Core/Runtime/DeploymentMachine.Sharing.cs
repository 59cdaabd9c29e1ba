using System.Globalization;
using Stormly.Deploy.Model;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <content>A machine that is shared out: the wanted number as far as there is room for it.</content>
internal sealed partial class DeploymentMachine
{
    /// <summary>How many instances must be ready for a revision to serve as it should: what is wanted as far as there is room, and one at least.</summary>
    public static int Needed(DeploymentState state)
    {
        var wanted = state.Goal?.Wanted ?? 0;
        return state is { Goal: { } goal, Share: { } share } ? Math.Min(wanted, Math.Max(1, Math.Max(goal.Least, share.Instances))) : wanted;
    }

    /// <summary>The goal as far as there is room. As long as the part is not decided nothing starts, and what lives already, because it outlived the host application, stays.</summary>
    public static FleetGoal Within(DeploymentState state, FleetGoal goal) => state.Share is not { } share || share.Instances >= goal.Ceiling ? goal : goal with
    {
        Wanted = Math.Min(goal.Wanted, Math.Max(goal.Least, share == MachineShare.None ? state.Instances.Length : share.Instances)),
        Ceiling = share.Instances,
        CeilingReason = share.Why,
    };

    /// <summary>What a deployment asks for and has, without times.</summary>
    /// <param name="state">The state.</param>
    /// <param name="maxSurge">How many more it may have while instances are exchanged.</param>
    public static MachineTenant AsTenant(DeploymentState state, int maxSurge)
    {
        var goal = state.Mode == DeploymentMode.Running ? state.Goal : null;
        var exchanges = goal is { Wanted: > 0 } && state.Instances.Any(i => i is { Leaving: false } && (i.Revision != goal.Revision || i.Phase == InstancePhase.Suspect));
        // While rollouts are paused more may be kept than are wanted: the revisions that stand beside each other.
        var wanted = Math.Max(goal?.Wanted ?? 0, state.Pause?.Held.Sum(static h => h.Instances) ?? 0);
        return new MachineTenant
        {
            Plugin = state.Plugin.Value,
            Least = goal?.Least ?? 0,
            Wish = goal is null ? 0 : Math.Min(RevisionRoom.Of(state, goal), wanted + (exchanges ? maxSurge : 0)),
            Live = state.Instances.Length,
            Granted = state.Share?.Instances ?? 0,
            MemoryBytes = state.Goal?.MemoryBytes ?? 0,
            StartTook = state.LastStartTook,
        };
    }

    private static void OnAllowed(DeploymentTurn turn, DeploymentEvent.Allowed allowed)
    {
        var (state, before) = (turn.State, turn.State.Share?.Instances ?? int.MaxValue);
        if (state.Goal is { } goal && before != allowed.Share.Instances && Math.Min(before, allowed.Share.Instances) < goal.Wanted)
        {
            var basis = new DecisionBasis(
                "max-min fair parts: least numbers, then those with requests, then idle ones", allowed.Share.Instances.ToString(CultureInfo.InvariantCulture), before.ToString(CultureInfo.InvariantCulture))
                .With("wanted", goal.Wanted).With("least", goal.Least).With("live", state.Instances.Length);
            turn.Record(DecisionKind.Scale, state.Plugin.Value, string.Create(CultureInfo.InvariantCulture, $"have at most {allowed.Share.Instances} instance(s) of the machine"), allowed.Share.Why, basis);
        }

        turn.State = state with { Share = allowed.Share, FromZero = state.FromZero || allowed.Share.Instances == 0 };
    }
}
