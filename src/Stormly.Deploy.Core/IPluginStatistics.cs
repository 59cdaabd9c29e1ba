using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Statistics;

namespace Stormly.Deploy;

/// <summary>
/// What is known of the values of features: from rows of the host application, from the manifest, and from requests. It feeds status checks, examples, and by setting
/// defaults (<see cref="Requests.RequestOptions.FillMissingFeatures"/>). All members may be called at the same time from any thread.
/// </summary>
public interface IPluginStatistics
{
    /// <summary>
    /// Reads rows of real data, one after the other and in bounded memory; when all are read they take the place of rows that were given before. Rows win over the
    /// manifest, and the manifest over what was learned. Kept across restarts of the host application; what is registered with <c>AddFeatureRows</c> is read again instead.
    /// </summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="rows">One JSON object for each row, <c>{"feature_acaa2cf5d": true}</c>; members that are no declared feature mean nothing.</param>
    /// <param name="cancellationToken">Gives up; then nothing has changed.</param>
    /// <returns>How many were read.</returns>
    /// <exception cref="PluginDeploymentException">The plugin is not deployed, or its model has no features.</exception>
    Task<FeatureRowsReport> SetRowsAsync(string plugin, IAsyncEnumerable<RawJson> rows, CancellationToken cancellationToken = default);

    /// <summary>What is known now, also what reaches the plugin's page and status checks only with the next <see cref="StatisticsOptions.Interval"/>.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <returns>A line for each feature of what serves; empty where the plugin is not deployed or has none.</returns>
    ImmutableArray<FeatureStatistic> Get(string plugin);
}
