using System.Collections.Immutable;

namespace Stormly.Deploy.Storage;

/// <summary>What a store holds when the host application starts.</summary>
public sealed record StoreContent
{
    /// <summary>The deployments. Default none.</summary>
    public ImmutableArray<StoredDeployment> Deployments { get; init; } = [];

    /// <summary>Deployments whose state is there but cannot be trusted. Default none.</summary>
    public ImmutableArray<StoreProblem> Problems { get; init; } = [];

    /// <summary>What was mended, for the log. Default none.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
