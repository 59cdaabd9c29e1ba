namespace Stormly.Deploy.Routing;

/// <summary>When a caller that was told of an overload should come back.</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Greatest = TimeSpan.FromMinutes(2);

    /// <summary>Estimates how long those who wait now will take to be served: each instance answers its requests side by side.</summary>
    /// <param name="waiting">How many wait.</param>
    /// <param name="inFlight">How many are being answered now.</param>
    /// <param name="serviceSeconds">How long an answer takes; 0 where none was measured.</param>
    /// <returns>Whole seconds, from 1 s to 2 min.</returns>
    public static TimeSpan Estimate(int waiting, int inFlight, double serviceSeconds)
    {
        var seconds = Math.Ceiling((waiting + 1) * serviceSeconds / Math.Max(1, inFlight));
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Least.TotalSeconds, Greatest.TotalSeconds));
    }
}
