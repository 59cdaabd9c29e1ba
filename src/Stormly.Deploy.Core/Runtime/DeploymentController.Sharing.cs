using Stormly.Deploy.Routing;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <content>How this deployment stands where the machine is shared out.</content>
internal sealed partial class DeploymentController
{
    /// <summary>Its part of the machine, as far as it knows.</summary>
    public MachineShare? Share => Volatile.Read(ref _state).Share;

    /// <summary>What it asks for and has, without times; and its requests.</summary>
    public (MachineTenant Tenant, DemandReading Demand) AsTenant()
        => (DeploymentMachine.AsTenant(Volatile.Read(ref _state), _services.Machine.Rollout.MaxSurge), _demand.Read());
}
