using System.Diagnostics.Metrics;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>Counts requests that one side of a canary answered for the other, which had no instance for them.</summary>
internal sealed class CanarySpills(PluginName plugin, Counter<long>? counter)
{
    private const string SideTag = "stormly.deploy.canary.side";

    private long _toStable;
    private long _toCanary;

    /// <summary>The canary's requests that the other side answered.</summary>
    public long ToStable => Interlocked.Read(ref _toStable);

    /// <summary>The other side's requests that the canary answered.</summary>
    public long ToCanary => Interlocked.Read(ref _toCanary);

    public void Add(bool ofCanary)
    {
        Interlocked.Increment(ref ofCanary ? ref _toStable : ref _toCanary);
        counter?.Add(1, new(RoutingMetrics.PluginTag, plugin.Value), new(SideTag, ofCanary ? "canary" : "stable"));
    }
}
