using System.Collections.Immutable;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Manifests;

/// <summary>The answer of <see cref="PluginManifest.Read"/>.</summary>
/// <param name="Manifest">The manifest; null where a problem stops the deployment.</param>
/// <param name="Problems">Every problem, in the order of the document.</param>
public sealed record ManifestReading(PluginManifest? Manifest, ImmutableArray<SpecProblem> Problems)
{
    /// <summary>Whether a problem stops the deployment.</summary>
    public bool HasErrors => Manifest is null;
}
