namespace Stormly.Deploy.Routing;

/// <summary>
/// A target that was claimed although nobody asked for it: for work that no caller waits for. It keeps the instance from being taken away meanwhile, and counts neither as
/// demand nor in the figures of its traffic. Disposing it gives the target back.
/// </summary>
internal sealed class SpareLease(RouteTarget target, PluginQueue queue) : IDisposable
{
    private int _disposed;

    public RouteTarget Target => target;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            target.Release();
            queue.OnSpareReleased();
        }
    }
}
