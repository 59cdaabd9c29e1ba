namespace Stormly.Deploy.Routing;

/// <summary>A claimed target in the hands of one request. Disposing it gives the target back, exactly once however often it is called.</summary>
internal sealed class InstanceLease : IDisposable
{
    private readonly PluginQueue _queue;
    private RouteTarget? _held;

    public InstanceLease(RouteTarget target, PluginQueue queue)
    {
        Target = target;
        _held = target;
        _queue = queue;
    }

    public RouteTarget Target { get; }

    /// <summary>Notes how long the instance took for an answer.</summary>
    public void NoteServiceTime(TimeSpan taken) => _queue.ServiceTime.Add(taken);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _held, null) is { } target)
        {
            target.Release();
            _queue.OnReleased();
        }
    }
}
