using Stormly.Deploy.Model;

namespace Stormly.Deploy.Statistics;

/// <summary>
/// Rows of real data that the host application has, e.g. of the table that a model was trained with: the most common values and examples of features are taken from
/// them. Register one with <c>AddFeatureRows</c>. Read in the background, after a plugin is deployed and every so often.
/// </summary>
public interface IFeatureRows
{
    /// <summary>Gives rows of one plugin.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="cancellationToken">Nothing more is wanted: enough were read, or the host application ends.</param>
    /// <returns>One JSON object for each row, <c>{"feature_acaa2cf5d": true}</c>; members that are no feature mean nothing. Nothing for a plugin of which there are none.</returns>
    IAsyncEnumerable<RawJson> ReadAsync(string plugin, CancellationToken cancellationToken);
}
