using System.Collections.Immutable;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Storage;

/// <summary>A revision as it lies in the state folder.</summary>
internal sealed record StoredRevision
{
    public required RevisionId Id { get; init; }

    public required PluginName Plugin { get; init; }

    public required HttpSpec Spec { get; init; }

    public required PluginManifest Manifest { get; init; }

    /// <summary>Our own copy of the plugin's files. Never run in: every instance gets a copy of it.</summary>
    public required string Files { get; init; }

    public required ImmutableDictionary<string, string> Environment { get; init; }

    /// <summary>The digest of everything that a running instance sees: the same for two revisions that differ in <c>explain</c> alone.</summary>
    public required string RuntimeDigest { get; init; }
}
