using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Features;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>Asks whoever may know a feature's value, as for a request that holds none.</summary>
internal sealed class FeatureDetection(RouteTable table, FeatureSources sources) : IFeatureDetection
{
    private const string ByApplication = "the application";

    public async ValueTask<ImmutableArray<DetectedFeature>> DetectAsync(string plugin, PluginCallContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        ArgumentNullException.ThrowIfNull(context);
        if (table.Find(plugin)?.Endpoint?.Features is not { } plan)
        {
            return [];
        }

        var request = new RequestFeatures(sources, plugin, () => context.EndUser ?? context.FindEndUser?.Invoke(), default);
        await request.FindAsync(plan, [], cancellationToken).ConfigureAwait(false);
        return
        [
            .. request.Found(plan, []).Select(f => new DetectedFeature(
                plan.Features[f.Feature].Feature.Key, f.Value, f.Source, f.Source == InputSource.Provider ? ByApplication : plan.Features[f.Feature].By)),
        ];
    }
}
