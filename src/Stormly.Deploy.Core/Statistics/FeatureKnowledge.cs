using System.Collections.Immutable;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Statistics;

/// <summary>Puts together what is known of features: rows before metadata before what was learned, for the most common value and for the examples each.</summary>
internal static class FeatureKnowledge
{
    /// <summary>Adds what is known to features as the manifest has them.</summary>
    /// <param name="tallies">What is known beside the manifest.</param>
    /// <param name="features">The manifest's features.</param>
    /// <param name="options">What may be shown.</param>
    /// <returns>The same features in the same order.</returns>
    public static ImmutableArray<FeatureDescriptor> AddTo(PluginTallies tallies, ImmutableArray<FeatureDescriptor> features, StatisticsOptions options)
        => tallies.Read((learned, rows) => features.Select(f => Add(f, learned, rows, options)).ToImmutableArray());

    /// <summary>Whether two lists of features say the same of their values.</summary>
    public static bool Same(ImmutableArray<FeatureDescriptor> one, ImmutableArray<FeatureDescriptor> other)
        => one.Length == other.Length && one.Zip(other).All(pair => Same(pair.First, pair.Second));

    private static bool Same(FeatureDescriptor one, FeatureDescriptor other)
        => one.Key == other.Key && one.MostCommon == other.MostCommon && one.MostCommonFrom == other.MostCommonFrom && one.ExamplesFrom == other.ExamplesFrom
            && one.Examples.AsSpan().SequenceEqual(other.Examples.AsSpan());

    private static FeatureDescriptor Add(FeatureDescriptor feature, FeatureTally learned, FeatureTally? rows, StatisticsOptions options)
    {
        var fromRows = rows is not null && rows.Sketches.TryGetValue(feature.Key, out var counted) ? counted.Show(options.MinimumRows, 1, options.ExamplesShown) : [];
        var fromRequests = learned.Sketches.TryGetValue(feature.Key, out var seen) ? seen.Show(options.MinimumCount, options.MinimumCallers, options.ExamplesShown) : [];
        if (fromRows.Count > 0)
        {
            feature = feature with { MostCommon = fromRows[0], MostCommonFrom = FeatureValueSource.Rows, Examples = [.. fromRows], ExamplesFrom = FeatureValueSource.Rows };
        }

        if (feature.MostCommon is null && fromRequests.Count > 0)
        {
            feature = feature with { MostCommon = fromRequests[0], MostCommonFrom = FeatureValueSource.Requests };
        }

        return feature.Examples.IsEmpty && fromRequests.Count > 0 ? feature with { Examples = [.. fromRequests], ExamplesFrom = FeatureValueSource.Requests } : feature;
    }
}
