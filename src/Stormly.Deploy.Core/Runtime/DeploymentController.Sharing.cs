using Stormly.Deploy.Model;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Runtime;

/// <content>How this deployment stands where the machine is shared out.</content>
internal sealed partial class DeploymentController
{
    /// <summary>How many instances it may have, as far as it knows.</summary>
    public int Share => Volatile.Read(ref _state).Share?.Instances ?? 0;

    /// <summary>What it asks for and has, without times; and the requests that run or wait.</summary>
    public (MachineTenant Tenant, int Present) AsTenant()
    {
        var state = Volatile.Read(ref _state);
        var goal = state.Mode == DeploymentMode.Running ? state.Goal : null;
        var exchanges = goal is { Wanted: > 0 } && state.Instances.Any(i => i is { Leaving: false } && (i.Revision != goal.Revision || i.Phase == InstancePhase.Suspect));
        var tenant = new MachineTenant
        {
            Plugin = Plugin.Value,
            Least = goal?.Least ?? 0,
            Wish = (goal?.Wanted ?? 0) + (exchanges ? _services.Machine.Rollout.MaxSurge : 0),
            Live = state.Instances.Length,
            Granted = state.Share?.Instances ?? 0,
            MemoryBytes = state.Goal?.MemoryBytes ?? 0,
            StartTook = state.LastStartTook,
        };
        return (tenant, _demand.Read().Present);
    }
}
