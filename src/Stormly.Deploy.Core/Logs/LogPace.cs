namespace Stormly.Deploy.Logs;

/// <summary>When to look at a log again: soon enough that the fastest writer seen, or to be feared, fills only half of what is free until then.</summary>
internal static class LogPace
{
    /// <summary>A quiet log can begin to be flooded at any moment, and this fast.</summary>
    internal const long FearedBytesPerSecond = 512L << 20;

    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>The time to the next look.</summary>
    /// <param name="capBytes">The cap.</param>
    /// <param name="diskBytes">What the log takes now.</param>
    /// <param name="bytesPerSecond">How fast it was seen to grow.</param>
    public static TimeSpan UntilNextLook(long capBytes, long diskBytes, double bytesPerSecond)
    {
        var free = Math.Max(0, capBytes - diskBytes);
        var seconds = free / (2 * Math.Max(bytesPerSecond, FearedBytesPerSecond));
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Shortest.TotalSeconds, Longest.TotalSeconds));
    }
}
