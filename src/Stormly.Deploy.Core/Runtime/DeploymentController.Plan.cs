using Stormly.Deploy.Plans;

namespace Stormly.Deploy.Runtime;

/// <content>Questions that change nothing.</content>
internal sealed partial class DeploymentController
{
    /// <summary>Says what a deploy would be now.</summary>
    /// <param name="goal">What would be deployed.</param>
    /// <returns>The kind of change.</returns>
    public PlanAction Foresee(FleetGoal goal) => DeploymentMachine.Foresee(Volatile.Read(ref _state), goal);
}
