using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Storage;

/// <summary>A canary that comes back after a start of the host application.</summary>
internal sealed record StoredCanary
{
    /// <summary>All 64 digits.</summary>
    public required string Revision { get; init; }

    /// <summary>Its share and its rule.</summary>
    public required CanarySpec Spec { get; init; }
}
