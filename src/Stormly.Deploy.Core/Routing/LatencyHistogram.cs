namespace Stormly.Deploy.Routing;

/// <summary>
/// Counts times in buckets that grow by a factor of 2^(1/8), 9 %, from 0.1 ms to 105 s; what lies outside is counted in the first or the last one.
/// Written by any number of threads without a lock and without memory.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepsPerDoubling = 8;
    private const int Buckets = (20 * StepsPerDoubling) + 1;
    private const double LeastMilliseconds = 0.1;

    private readonly long[] _counts = new long[Buckets];

    public void Add(TimeSpan time) => Interlocked.Increment(ref _counts[IndexOf(time)]);

    /// <summary>The time that a part of all counted ones does not exceed.</summary>
    /// <param name="percent">The part, 0 to 100.</param>
    /// <returns>The end of the bucket that it lies in; zero where nothing was counted.</returns>
    public TimeSpan Percentile(double percent)
    {
        var total = 0L;
        foreach (ref var count in _counts.AsSpan())
        {
            total += Interlocked.Read(ref count);
        }

        var rest = (long)Math.Ceiling(total * percent / 100);
        for (var i = 0; i < Buckets && total > 0; i++)
        {
            rest -= Interlocked.Read(ref _counts[i]);
            if (rest <= 0)
            {
                return TimeSpan.FromMilliseconds(LeastMilliseconds * Math.Pow(2, (double)i / StepsPerDoubling));
            }
        }

        return TimeSpan.Zero;
    }

    private static int IndexOf(TimeSpan time)
    {
        var ratio = time.TotalMilliseconds / LeastMilliseconds;
        return ratio <= 1 ? 0 : Math.Min(Buckets - 1, (int)Math.Ceiling(Math.Log2(ratio) * StepsPerDoubling));
    }
}
