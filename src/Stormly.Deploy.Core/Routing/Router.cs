using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>Gives each request an instance of its plugin, at once or after a bounded wait.</summary>
internal sealed class Router : IDisposable
{
    private readonly ConcurrentDictionary<PluginName, PluginQueue> _queues = new();
    private readonly Func<PluginName, PluginQueue> _makeQueue;
    private readonly RouteTable _table;

    public Router(RouteTable table, IOptions<RoutingOptions> options, TimeProvider time, RoutingMetrics metrics, Chance chance)
    {
        _table = table;
        _makeQueue = plugin => new PluginQueue(plugin, table, options.Value, time, metrics, chance.Random);
        table.Changed += OnChanged;
    }

    /// <summary>Gets an instance of a plugin.</summary>
    /// <param name="plugin">The plugin, which must have a route: names of strangers get no queue.</param>
    /// <param name="tried">Targets that this request must not get again.</param>
    /// <param name="key">What keeps the request on one side of a canary; null for none.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    /// <returns>A lease, to be disposed, or a refusal; it never throws.</returns>
    public ValueTask<AcquireResult> AcquireAsync(PluginName plugin, ImmutableArray<RouteTarget> tried, string? key, CancellationToken cancellationToken)
        => _queues.GetOrAdd(plugin, _makeQueue).AcquireAsync(tried, key, cancellationToken);

    /// <summary>Claims an instance for work that no caller waits for.</summary>
    /// <param name="plugin">The plugin, which must have a route.</param>
    /// <param name="revision">The revision.</param>
    /// <returns>The lease, to be disposed; null where there is none to spare.</returns>
    public SpareLease? TryAcquireSpare(PluginName plugin, RevisionId revision) => _queues.GetOrAdd(plugin, _makeQueue).TryAcquireSpare(revision);

    public void Dispose() => _table.Changed -= OnChanged;

    private void OnChanged(PluginName plugin)
    {
        // A queue is never taken out again, so that a lease always reports to the queue that others wait in.
        if (_queues.TryGetValue(plugin, out var queue))
        {
            queue.Serve();
        }
    }
}
