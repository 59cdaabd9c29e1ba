using System.Collections.Immutable;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>A stored revision with all that is needed to run it and to talk to it.</summary>
/// <param name="Stored">The revision.</param>
/// <param name="Endpoint">How requests reach it.</param>
/// <param name="ManifestSource">Where newer download addresses come from; null where only the stored manifest is left.</param>
internal sealed record RunnableRevision(
    StoredRevision Stored, PluginEndpoint Endpoint, Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>>? ManifestSource)
{
    /// <summary>Makes the endpoint anew from what is known of the features by now; null where nothing more is ever known.</summary>
    public Func<ImmutableArray<FeatureDescriptor>, PluginEndpoint>? Compile { get; init; }
}
