using System.Collections.Immutable;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Explain;

/// <summary>One input of a plugin's endpoint as its caller should understand it.</summary>
public sealed record ExplainedInput
{
    /// <summary>The property's name in <c>props</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether a caller must supply it.</summary>
    public required bool Required { get; init; }

    /// <summary>How much it matters, 0.0 to 1.0; null where the plugin does not say.</summary>
    public double? Importance { get; init; }

    /// <summary>What it means, for end users; null where nobody says. Text of a stranger: escape it wherever it is shown.</summary>
    public string? Explanation { get; init; }

    /// <summary>Example values as JSON text.</summary>
    public ImmutableArray<RawJson> Examples { get; init; } = [];

    /// <summary>Where the examples of a feature come from: values of real data. <see cref="FeatureValueSource.None"/> where the plugin itself gives them.</summary>
    public FeatureValueSource ExamplesFrom { get; init; }

    /// <summary>Who supplies it where the caller does not.</summary>
    public InputSource Source { get; init; }

    /// <summary>The feature that it is; null for a custom property.</summary>
    public FeatureDescriptor? Feature { get; init; }
}
