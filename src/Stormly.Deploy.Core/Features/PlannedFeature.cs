using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Features;

/// <summary>A feature of one revision that somebody but the caller can supply.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Fact">The fact that it is; null where no detector knows it.</param>
/// <param name="Form">How the fact is written for it; null without a fact.</param>
/// <param name="By">What the fact is taken from, in words.</param>
/// <param name="Providers">The providers that may know it, by their places.</param>
internal sealed record PlannedFeature(FeatureDescriptor Feature, string? Fact, FeatureForm? Form, string By, ImmutableArray<int> Providers)
{
    /// <summary>Who is asked first.</summary>
    public InputSource Source => Providers.IsEmpty ? InputSource.Detector : InputSource.Provider;
}
