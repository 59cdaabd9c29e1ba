using System.Collections.Immutable;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Statistics;

/// <summary>What is known of the values of one feature, as it is shown and used.</summary>
public sealed record FeatureStatistic
{
    /// <summary>The feature's key.</summary>
    public required string Feature { get; init; }

    /// <summary>The most common value; null where none is known.</summary>
    public RawJson? MostCommon { get; init; }

    /// <summary>Where it comes from.</summary>
    public FeatureValueSource MostCommonFrom { get; init; }

    /// <summary>Example values.</summary>
    public ImmutableArray<RawJson> Examples { get; init; } = [];

    /// <summary>Where they come from.</summary>
    public FeatureValueSource ExamplesFrom { get; init; }

    /// <summary>Whether values are learned from requests.</summary>
    public bool IsLearned { get; init; }

    /// <summary>How many values were learned, those that are too rare to be shown included; earlier ones may count half.</summary>
    public long Learned { get; init; }

    /// <summary>How many values rows have supplied.</summary>
    public long Rows { get; init; }
}
