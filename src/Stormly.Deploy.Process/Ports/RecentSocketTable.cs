namespace Stormly.Deploy.Process.Ports;

/// <summary>
/// The table of TCP sockets, read at most every 100 ms: the kernel walks all of its buckets for each reading, which takes milliseconds, and many
/// instances start together. What happens in between is seen when the listener is checked.
/// </summary>
internal sealed class RecentSocketTable(TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private IReadOnlyList<TcpSocket> _sockets = [];
    private long? _readAt;

    /// <summary>The sockets of at most 100 ms ago. Callers at the same time share one reading.</summary>
    public IReadOnlyList<TcpSocket> Read()
    {
        lock (_lock)
        {
            if (_readAt is not { } at || time.GetElapsedTime(at) >= MaxAge)
            {
                _sockets = TcpSocketTable.Read();
                _readAt = time.GetTimestamp();
            }

            return _sockets;
        }
    }
}
