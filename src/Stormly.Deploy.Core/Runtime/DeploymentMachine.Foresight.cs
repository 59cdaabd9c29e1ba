using Stormly.Deploy.Plans;

namespace Stormly.Deploy.Runtime;

/// <content>What a deploy would be, before it is done; the deploy itself asks the same questions.</content>
internal sealed partial class DeploymentMachine
{
    /// <summary>Says what a deploy would be.</summary>
    /// <param name="state">The state.</param>
    /// <param name="goal">What would be deployed.</param>
    /// <returns>The kind of change; whether the revision is kept is not looked at.</returns>
    public static PlanAction Foresee(DeploymentState state, FleetGoal goal)
    {
        if (state.Interrupted?.Rollout.Goal.Revision == goal.Revision)
        {
            return PlanAction.Nothing;
        }

        if (IsWanted(state, goal))
        {
            return state.Goal!.Wanted == Sized(state, goal).Wanted && state.Goal.Range == goal.Range ? PlanAction.Nothing : PlanAction.Scale;
        }

        return IsPageOnly(state, goal) ? PlanAction.Page : PlanAction.Deploy;
    }

    private static bool IsWanted(DeploymentState state, FleetGoal goal) => state.Goal?.Revision == goal.Revision && state.Failure is null;

    private static bool IsPageOnly(DeploymentState state, FleetGoal goal)
        => state is { Failure: null, Goal: { Runtime.Length: > 0 } now } && now.Runtime == goal.Runtime;
}
