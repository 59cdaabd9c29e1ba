using System.Globalization;
using Stormly.Deploy.Model;

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

    private static void OnAllowed(DeploymentTurn turn, DeploymentEvent.Allowed allowed)
    {
        var (state, before) = (turn.State, turn.State.Share?.Instances ?? int.MaxValue);
        if (state.Goal is { } goal && before != allowed.Instances && Math.Min(before, allowed.Instances) < goal.Wanted)
        {
            var basis = new DecisionBasis(
                "max-min fair parts: least numbers, then those with requests, then idle ones", allowed.Instances.ToString(CultureInfo.InvariantCulture), before.ToString(CultureInfo.InvariantCulture))
                .With("wanted", goal.Wanted).With("least", goal.Least).With("live", state.Instances.Length);
            turn.Record(DecisionKind.Scale, state.Plugin.Value, string.Create(CultureInfo.InvariantCulture, $"have at most {allowed.Instances} instance(s) of the machine"), allowed.Why, basis);
        }

        turn.State = state with { Share = new MachineShare(allowed.Instances, allowed.Why), FromZero = state.FromZero || allowed.Instances == 0 };
    }
}
