using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <summary>What of a stored deployment can come back.</summary>
internal sealed record StoredComeback
{
    /// <summary>What served; null where nothing did, or it cannot come back.</summary>
    public FleetGoal? Serves { get; init; }

    /// <summary>Why what served cannot come back as it was; null where it can, or nothing served.</summary>
    public string? Problem { get; init; }

    /// <summary>What was tried out beside it; null where nothing was, or it cannot come back.</summary>
    public DeploymentEvent.CanaryWanted? Canary { get; init; }

    /// <summary>Why the canary cannot come back; null where it can, or there was none.</summary>
    public string? NoCanary { get; init; }
}
