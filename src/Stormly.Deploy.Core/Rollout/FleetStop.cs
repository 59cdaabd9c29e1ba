using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>One instance that should leave.</summary>
/// <param name="Id">Which.</param>
/// <param name="Reason">Why, in words.</param>
internal readonly record struct FleetStop(InstanceId Id, string Reason);
