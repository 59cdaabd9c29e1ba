using System.Diagnostics;
using System.Diagnostics.Metrics;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>The data plane's instruments on the meter <c>Stormly.Deploy</c>. Attributes are names that the operator chose, never a caller's data.</summary>
internal sealed class RoutingMetrics
{
    public const string MeterName = "Stormly.Deploy";

    public const string PluginTag = "stormly.deploy.plugin";
    public const string OutcomeTag = "stormly.deploy.outcome";

    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;
    private readonly UpDownCounter<long> _queued;

    public RoutingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>("stormly.deploy.request.duration", "s", "The whole time of a request, the wait for an instance included.");
        _active = meter.CreateUpDownCounter<long>("stormly.deploy.request.active", "{request}", "Requests under way, waiting ones included.");
        _queued = meter.CreateUpDownCounter<long>("stormly.deploy.request.queued", "{request}", "Requests that wait for an instance.");
    }

    public void Active(PluginName plugin, int change) => _active.Add(change, new KeyValuePair<string, object?>(PluginTag, plugin.Value));

    public void Queued(PluginName plugin, int change) => _queued.Add(change, new KeyValuePair<string, object?>(PluginTag, plugin.Value));

    public void Finished(PluginName plugin, string outcome, TimeSpan taken)
    {
        if (_duration.Enabled)
        {
            _duration.Record(taken.TotalSeconds, new TagList { { PluginTag, plugin.Value }, { OutcomeTag, outcome } });
        }
    }
}
