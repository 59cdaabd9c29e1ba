using System.Collections.Immutable;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy;

/// <summary>Finds values of features for one request: from the host application's providers, and from what the end user's request carries.</summary>
public interface IFeatureDetection
{
    /// <summary>Finds what can be found.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="context">What is known of the request beside its body.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>At most one value for each feature; none where the plugin is unknown.</returns>
    ValueTask<ImmutableArray<DetectedFeature>> DetectAsync(string plugin, PluginCallContext context, CancellationToken cancellationToken = default);
}
