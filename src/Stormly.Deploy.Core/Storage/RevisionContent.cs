using System.Collections.Immutable;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Storage;

/// <summary>What a revision is made of, before it has a name.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Spec">The merged spec.</param>
/// <param name="Manifest">The manifest of the last stage.</param>
/// <param name="Folder">Where the plugin's files lie.</param>
/// <param name="Environment">What the host application adds to the environment.</param>
internal sealed record RevisionContent(
    PluginName Plugin, HttpSpec Spec, PluginManifest Manifest, string Folder, ImmutableDictionary<string, string> Environment);
