using System.Collections.Immutable;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Features;

/// <summary>What a feature provider is asked.</summary>
public sealed record FeatureRequest
{
    /// <summary>The plugin's name.</summary>
    public required string Plugin { get; init; }

    /// <summary>All features that the request lacks and that the provider said it provides.</summary>
    public required ImmutableArray<FeatureDescriptor> Missing { get; init; }

    /// <summary>What the caller sent as <c>props</c>, as JSON text: the key of a profile may stand in it. <c>{}</c> where there is no request, as for an explain page.</summary>
    public required RawJson Props { get; init; }

    /// <summary>The person for whom the request is made.</summary>
    public required EndUser EndUser { get; init; }

    /// <summary>The time of the request in UTC.</summary>
    public required DateTimeOffset Now { get; init; }
}
