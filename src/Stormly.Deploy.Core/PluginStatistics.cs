using System.Collections.Immutable;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Statistics;

namespace Stormly.Deploy;

/// <summary>Statistics for the host application.</summary>
internal sealed class PluginStatistics(PluginDeployments deployments, RouteTable table) : IPluginStatistics
{
    public async Task<FeatureRowsReport> SetRowsAsync(string plugin, IAsyncEnumerable<RawJson> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var fleet = await deployments.EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        var learning = fleet.Services.Learning;
        if (learning?.Find(PluginName.Parse(plugin)) is not { } tallies || fleet.Find(plugin) is not { } controller)
        {
            throw new PluginDeploymentException($"Rows of plugin '{plugin}' cannot be read: it is not deployed, or its model has no features. Deploy it first, or register the rows with AddFeatureRows.");
        }

        var tally = tallies.MakeRows();
        var report = await RowReader.ReadAsync(rows, tally, learning.Options.MaxRows, cancellationToken).ConfigureAwait(false);
        tallies.Use(tally);
        await controller.RenewAsync().ConfigureAwait(false);
        learning.Save(controller.Plugin);
        return report;
    }

    public ImmutableArray<FeatureStatistic> Get(string plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        if (deployments.Started is not { Services.Learning: { } learning } || table.Find(plugin) is not { Endpoint: { Tallies: { } tallies } endpoint })
        {
            return [];
        }

        var manifest = deployments.Started.Find(plugin)?.FindRevision(endpoint.Revision)?.Stored.Manifest.Features ?? endpoint.Contract.Features;
        var known = FeatureKnowledge.AddTo(tallies, manifest, learning.Options);
        return tallies.Read((learned, rows) => known.Select(f => Describe(f, learned, rows)).ToImmutableArray());
    }

    private static FeatureStatistic Describe(FeatureDescriptor feature, FeatureTally learned, FeatureTally? rows) => new()
    {
        Feature = feature.Key,
        MostCommon = feature.MostCommon,
        MostCommonFrom = feature.MostCommonFrom,
        Examples = feature.Examples,
        ExamplesFrom = feature.ExamplesFrom,
        IsLearned = learned.Sketches.ContainsKey(feature.Key),
        Learned = learned.Sketches.GetValueOrDefault(feature.Key)?.Values.Total ?? 0,
        Rows = rows?.Sketches.GetValueOrDefault(feature.Key)?.Values.Total ?? 0,
    };
}
