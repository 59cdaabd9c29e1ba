using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>Everything that the data plane knows of one deployment. Immutable: the controller replaces it as a whole, in one write.</summary>
internal sealed record PluginRoute
{
    public required PluginName Plugin { get; init; }

    /// <summary>The instances that may be claimed, of one revision or, during a rollout, of two.</summary>
    public ImmutableArray<RouteTarget> Targets { get; init; } = [];

    /// <summary>How requests are divided while a canary is tried out; null where none is. Its targets are among <see cref="Targets"/>.</summary>
    public CanaryRoute? Canary { get; init; }

    /// <summary>How to check a request before an instance is chosen; null where no revision was ever stored.</summary>
    public PluginEndpoint? Endpoint { get; init; }

    /// <summary>How many requests one instance gets at once; null for the number of all plugins.</summary>
    public int? MaxRequestsPerInstance { get; init; }

    public required RouteAvailability Availability { get; init; }

    /// <summary>Why requests cannot be answered, in words that may be shown to a caller; empty while serving.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When the next instance may be expected; null where no start is under way.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
