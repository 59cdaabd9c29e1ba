using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy;

/// <summary>What callers of a plugin should know of it: everything that an explain page, an OpenAPI document or a form shows comes from here.</summary>
public sealed record PluginDescription
{
    /// <summary>Whose description it is.</summary>
    public required PluginName Plugin { get; init; }

    /// <summary>The revision that it describes: the one that requests are checked by.</summary>
    public required RevisionId Revision { get; init; }

    /// <summary>The plugin's explanation with its features added.</summary>
    public required PluginExplanation Explanation { get; init; }

    /// <summary>The features of the model.</summary>
    public required ImmutableArray<FeatureDescriptor> Features { get; init; }

    /// <summary>What came of running the examples against this revision, the newest run of each.</summary>
    public ImmutableArray<ExampleVerification> Verifications { get; init; } = [];

    /// <summary>
    /// The newest good answer of this revision, a stand-in for an example answer where the plugin gives none: to one of its examples, else, by default, to a
    /// status check (<see cref="Requests.RequestOptions.LastAnswer"/>). At most 64 KiB; null where there was none yet.
    /// </summary>
    public RawJson? LastAnswer { get; init; }
}
