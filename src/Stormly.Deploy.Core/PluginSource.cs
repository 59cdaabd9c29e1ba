using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy;

/// <summary>What a deployment is made of: the results of a plugin's stages, the manifest of its last stage, and its folder.</summary>
public sealed record PluginSource
{
    /// <summary>The plugin's name.</summary>
    public required PluginName Name { get; init; }

    /// <summary>The folder with the plugin's files; every revision keeps its own copy of it.</summary>
    public required string Folder { get; init; }

    /// <summary>The results of all stages, in the order in which the stages ran.</summary>
    public required ImmutableArray<StageFile> Results { get; init; }

    /// <summary>
    /// Reads the manifest of the last stage, as UTF-8. Asked at the deploy and again at every start of an instance, because download addresses
    /// expire. Only <c>downloadUrls</c> may change from one answer to the next; after a host restart the stored manifest serves until the next deploy.
    /// </summary>
    public required Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> Manifest { get; init; }

    /// <summary>Where the manifest comes from, for error messages, e.g. a file name.</summary>
    public string ManifestOrigin { get; init; } = "manifest";

    /// <summary>How many instances are wanted, 1 to 1000; null keeps the number of an existing deployment, else 1.</summary>
    public int? Instances { get; init; }

    /// <summary>Variables that every instance gets besides the allow-list. Kept in the state folder together with the revision.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;
}
