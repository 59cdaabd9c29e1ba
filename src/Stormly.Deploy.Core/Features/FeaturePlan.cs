using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Features;

/// <summary>Who supplies which feature of one revision. Immutable.</summary>
internal sealed class FeaturePlan(ImmutableArray<PlannedFeature> features)
{
    /// <summary>The features that somebody but the caller can supply.</summary>
    public ImmutableArray<PlannedFeature> Features { get; } = features;

    /// <summary>The place of each of them among the inputs of the revision's contract.</summary>
    public ImmutableArray<int> Inputs { get; private init; } = [];

    /// <summary>Who supplies each of them, by its key.</summary>
    public IReadOnlyDictionary<string, InputSource> Sources { get; } = features.ToDictionary(f => f.Feature.Key, f => f.Source, StringComparer.Ordinal);

    /// <summary>The plan for requests that a contract checks.</summary>
    /// <param name="contract">The revision's contract.</param>
    /// <returns>The plan with the places of its features.</returns>
    public FeaturePlan For(RequestContract contract) => new(Features) { Inputs = [.. Features.Select(f => contract.IndexOf(f.Feature.Key))] };

    /// <summary>Whether a request lacks a feature.</summary>
    /// <param name="feature">The feature's place in the plan.</param>
    /// <param name="present">The bits of the inputs that the caller sent; empty where there is no request.</param>
    /// <returns>Whether it does.</returns>
    public bool IsMissing(int feature, ReadOnlySpan<ulong> present)
        => present.IsEmpty || (present[Inputs[feature] / 64] & (1UL << (Inputs[feature] % 64))) == 0;
}
