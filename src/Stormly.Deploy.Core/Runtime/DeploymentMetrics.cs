using System.Diagnostics.Metrics;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>The control plane's instruments on the meter <c>Stormly.Deploy</c>. The only attribute is the plugin's name.</summary>
internal sealed class DeploymentMetrics
{
    private readonly UpDownCounter<long> _instances;
    private readonly Histogram<double> _start;
    private readonly Counter<long> _replacements;
    private readonly Histogram<double> _check;
    private readonly Counter<long> _readings;
    private readonly Counter<long> _spills;
    private readonly Counter<long> _providers;

    public DeploymentMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(RoutingMetrics.MeterName);
        _instances = meter.CreateUpDownCounter<long>("stormly.deploy.instances", "{instance}", "Instances that were started and are not gone.");
        _start = meter.CreateHistogram<double>("stormly.deploy.instance.start.duration", "s", "From the start of an instance to its first 200.");
        _replacements = meter.CreateCounter<long>("stormly.deploy.instance.failures", "{instance}", "Instances that failed and make others take their place.");
        _check = meter.CreateHistogram<double>("stormly.deploy.status_check.duration", "s", "The time of one status check.");
        _readings = meter.CreateCounter<long>("stormly.deploy.source.readings", "{reading}", "Readings of followed folders and scheduled sources, by what came of them.");
        _spills = meter.CreateCounter<long>("stormly.deploy.canary.spilled", "{request}", "Requests that one side of a canary answered for the other, which had no instance for them.");
        _providers = meter.CreateCounter<long>("stormly.deploy.feature.provider.failures", "{call}", "Calls of feature providers that supplied nothing for a request, by what happened.");
    }

    public void Instances(PluginName plugin, int change) => _instances.Add(change, Tag(plugin));

    public void Started(PluginName plugin, TimeSpan taken) => _start.Record(taken.TotalSeconds, Tag(plugin));

    public void Failed(PluginName plugin) => _replacements.Add(1, Tag(plugin));

    public void Checked(PluginName plugin, TimeSpan taken) => _check.Record(taken.TotalSeconds, Tag(plugin));

    /// <summary>Counts a reading of a source.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="outcome"><c>deployed</c>, <c>in_step</c>, <c>changing</c>, <c>unusable</c> or <c>held</c>.</param>
    public void SourceRead(PluginName plugin, string outcome) => _readings.Add(1, Tag(plugin), new KeyValuePair<string, object?>(RoutingMetrics.OutcomeTag, outcome));

    /// <summary>Counts that a feature provider supplied nothing for a request.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="outcome"><c>late</c>, <c>failed</c>, or <c>not_asked</c> where too many of its calls do not end.</param>
    public void ProviderFailed(string plugin, string outcome)
        => _providers.Add(1, new KeyValuePair<string, object?>(RoutingMetrics.PluginTag, plugin), new KeyValuePair<string, object?>(RoutingMetrics.OutcomeTag, outcome));

    /// <summary>Counts what the sides of a canary answer for each other.</summary>
    /// <param name="plugin">Whose canary it is.</param>
    /// <returns>The counts, from zero.</returns>
    public CanarySpills SpillsOf(PluginName plugin) => new(plugin, _spills);

    private static KeyValuePair<string, object?> Tag(PluginName plugin) => new(RoutingMetrics.PluginTag, plugin.Value);
}
