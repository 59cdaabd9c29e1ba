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
    private readonly Channel<RouteSignal> _signals = Channel.CreateBounded<RouteSignal>(
        new BoundedChannelOptions(SignalCapacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Told after a route was published or removed, on the writer's thread: must be quick and must not throw.</summary>
    public event Action<PluginName>? Changed;

    public ChannelReader<RouteSignal> Signals => _signals.Reader;

    public PluginRoute? Find(string plugin) => _routes.GetValueOrDefault(plugin);

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
