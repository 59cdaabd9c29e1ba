using System.Collections.Immutable;

namespace Stormly.Deploy.Explain;

/// <summary>The whole explanation of a plugin: its <c>explain</c> with the manifest's features added.</summary>
public sealed record PluginExplanation
{
    /// <summary>At least one tab, also where the plugin explains nothing.</summary>
    public required ImmutableArray<ExplainedTab> Tabs { get; init; }
}
