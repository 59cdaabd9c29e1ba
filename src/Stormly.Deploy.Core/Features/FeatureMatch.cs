using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Features;

/// <summary>What a feature is taken for.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Fact">The fact that it is, one of <see cref="FeatureFacts"/> or one of a detector of yours; null where nothing is detected for it.</param>
/// <param name="Why">Why so, in words.</param>
/// <param name="Spelling">Which spelling its name asks for.</param>
public sealed record FeatureMatch(FeatureDescriptor Feature, string? Fact, string Why, int Spelling = 0);
