using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>What a store holds of one deployment.</summary>
public sealed record StoredDeployment
{
    /// <summary>The plugin.</summary>
    public required PluginName Plugin { get; init; }

    /// <summary>The document that was written last, byte for byte; empty where there were only decisions.</summary>
    public ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>The newest decisions, the oldest of them first. Default none.</summary>
    public ImmutableArray<DecisionRecord> Decisions { get; init; } = [];
}
