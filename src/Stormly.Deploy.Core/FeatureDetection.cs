using System.Collections.Immutable;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy;

/// <summary>Asks whoever may know a feature's value.</summary>
internal sealed class FeatureDetection : IFeatureDetection
{
    public ValueTask<ImmutableArray<DetectedFeature>> DetectAsync(string plugin, PluginCallContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(ImmutableArray<DetectedFeature>.Empty);
    }
}
