namespace Stormly.Deploy.Logs;

/// <summary>One log in the keeper's hands: when it is due, how fast it grows, and what was said about it last.</summary>
internal sealed class WatchedLog(string logFile, ILogCap cap, long capBytes, TimeProvider time) : IDisposable
{
    private long _lookedAt;
    private long? _diskAfter;
    private double _bytesPerSecond;
    private string _lastProblems = "";

    public string LogFile => logFile;

    /// <summary>The time until the next look; zero or less when it is due.</summary>
    public TimeSpan Wait => _diskAfter is null ? TimeSpan.Zero : LogPace.UntilNextLook(capBytes, _diskAfter.Value, _bytesPerSecond) - time.GetElapsedTime(_lookedAt);

    /// <summary>Looks, and tells what is new since the last look.</summary>
    /// <returns>The look; its problems are left out where they were told before.</returns>
    public LogLook Look()
    {
        var look = cap.Look();
        if (_diskAfter is { } last && time.GetElapsedTime(_lookedAt).TotalSeconds is > 0 and var elapsed)
        {
            // The rate falls slowly: a writer that flushes once a second is fast all the same.
            _bytesPerSecond = Math.Max(Math.Max(0, look.DiskBefore - last) / elapsed, _bytesPerSecond / 2);
        }

        (_diskAfter, _lookedAt) = (look.DiskAfter, time.GetTimestamp());
        var problems = string.Join("; ", look.Problems);
        var told = problems == _lastProblems;
        _lastProblems = problems;
        return told ? look with { Problems = [] } : look;
    }

    /// <summary>Puts the next look off, after one that failed.</summary>
    public void Fail() => (_diskAfter, _lookedAt) = (_diskAfter ?? 0, time.GetTimestamp());

    /// <summary>Forgets what was kept about it.</summary>
    public void Dispose() => cap.Dispose();
}
