namespace Stormly.Deploy.Model;

/// <summary>Waits as timers understand them.</summary>
internal static class TimerWait
{
    /// <summary>
    /// Rounds up to whole milliseconds. A timer drops the rest of one, so it would ring too early, and whoever then waits for the rest would do so again and again
    /// until the millisecond is over.
    /// </summary>
    /// <param name="wait">The wait; what is past is no wait, and null is one without end.</param>
    /// <returns>The wait for a timer.</returns>
    public static TimeSpan RoundUp(TimeSpan? wait)
        => wait switch
        {
            null => Timeout.InfiniteTimeSpan,
            { } past when past <= TimeSpan.Zero => TimeSpan.Zero,
            { } left => TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)),
        };
}
