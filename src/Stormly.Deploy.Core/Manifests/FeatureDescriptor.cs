using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Manifests;

/// <summary>One feature of <c>metadata.features</c>: what the model was trained on and expects in every request.</summary>
public sealed record FeatureDescriptor
{
    /// <summary>The key, e.g. <c>feature_acaa2cf5d</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The name for people, e.g. "Did event Play song"; null where the manifest gives none.</summary>
    public string? Name { get; init; }

    /// <summary><c>categorical</c>, <c>numerical</c>, or what else the manifest says; null where it says nothing.</summary>
    public string? Kind { get; init; }

    /// <summary>The JSON type of its values.</summary>
    public NativeType NativeType { get; init; }

    /// <summary>
    /// Example values from real data as JSON text: of the manifest <c>examples</c>, else the values of <c>values</c>, most frequent first. Where a plugin is deployed, what
    /// rows of the host application hold goes before, and what was learned from requests comes after.
    /// </summary>
    public ImmutableArray<RawJson> Examples { get; init; } = [];

    /// <summary>Where <see cref="Examples"/> come from.</summary>
    public FeatureValueSource ExamplesFrom { get; init; }

    /// <summary>The values that the metadata lists (<c>values</c>), most frequent first; empty where it lists none.</summary>
    public ImmutableArray<RawJson> Values { get; init; } = [];

    /// <summary>The most common value: <c>mostCommon</c>, else the most frequent of <c>values</c>, else the first example; null where none is known.</summary>
    public RawJson? MostCommon { get; init; }

    /// <summary>Where <see cref="MostCommon"/> comes from.</summary>
    public FeatureValueSource MostCommonFrom { get; init; }
}
