using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Explain;

/// <summary>One tab of an explanation: what comes out and what goes in.</summary>
public sealed record ExplainedTab
{
    /// <summary>The tab's title; null where the plugin has a single tab.</summary>
    public string? Title { get; init; }

    /// <summary>Example response bodies as JSON text.</summary>
    public ImmutableArray<RawJson> Outputs { get; init; } = [];

    /// <summary>The inputs: first what the plugin describes, in its order, then every other feature of the manifest.</summary>
    public ImmutableArray<ExplainedInput> Inputs { get; init; } = [];
}
