using System.Collections.Immutable;
using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Cli;

/// <summary>What a host application would detect of a plugin's features.</summary>
internal static class FeatureMapping
{
    private static readonly string[] OfTheAddress = [FeatureFacts.Country, FeatureFacts.Region, FeatureFacts.City, FeatureFacts.TimeZone, FeatureFacts.LocalHour];

    /// <summary>Every feature with what it is taken for; none where nothing is detected.</summary>
    public static ImmutableArray<FeatureMatch> Of(PluginManifest? manifest, FeatureOptions options, string? plugin)
        => manifest is null || !options.Detect ? [] : FeatureMatcher.Match(manifest.Features, options, plugin);

    /// <summary>Whether a fact is found only where the host application has a geo database.</summary>
    public static bool NeedsGeoDatabase(string fact) => OfTheAddress.Contains(fact);
}
