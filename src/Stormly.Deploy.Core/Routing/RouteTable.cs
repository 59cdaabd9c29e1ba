using System.Collections.Concurrent;
using System.Threading.Channels;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>
/// Where control plane and data plane meet: controllers write whole routes, requests read them without a lock, and news flows back through a
/// bounded channel (news that finds it full is dropped: all of it is repeated by the next request or the next status check).
/// </summary>
internal sealed class RouteTable
{
    private const int SignalCapacity = 1024;

    private readonly ConcurrentDictionary<string, PluginRoute> _routes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<PluginName, PluginDemand> _demand = new();
    private readonly Channel<RouteSignal> _signals = Channel.CreateBounded<RouteSignal>(
        new BoundedChannelOptions(SignalCapacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Told after a route was published or removed, on the writer's thread: must be quick and must not throw.</summary>
    public event Action<PluginName>? Changed;

    public ChannelReader<RouteSignal> Signals => _signals.Reader;

    public PluginRoute? Find(string plugin) => _routes.GetValueOrDefault(plugin);

    /// <summary>The demand for a plugin: written by its requests, read by its controller. It outlives routes, as requests do.</summary>
    /// <param name="plugin">The plugin, which must have a route or a controller.</param>
    /// <param name="time">The clock, for the first call.</param>
    /// <returns>The same object for each call.</returns>
    public PluginDemand DemandOf(PluginName plugin, TimeProvider time) => _demand.GetOrAdd(plugin, static (_, clock) => new PluginDemand(clock), time);

    public void Publish(PluginRoute route)
    {
        _routes[route.Plugin.Value] = route;
        Changed?.Invoke(route.Plugin);
    }

    public void Remove(PluginName plugin)
    {
        _routes.TryRemove(plugin.Value, out _);
        Changed?.Invoke(plugin);
    }

    public void Tell(RouteSignal signal) => _signals.Writer.TryWrite(signal);
}
