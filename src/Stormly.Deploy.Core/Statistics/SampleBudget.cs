namespace Stormly.Deploy.Statistics;

/// <summary>
/// Lets so many through in a second, and a burst of as many. Those that it turns away read one word and write nothing; of two that come at the very same moment one
/// may be turned away.
/// </summary>
internal sealed class SampleBudget(int perSecond, TimeProvider time)
{
    private readonly long _cost = Math.Max(1, time.TimestampFrequency / perSecond);
    private readonly long _burst = time.TimestampFrequency;
    private long _paidUntil = long.MinValue / 2;

    public bool TryTake()
    {
        var now = time.GetTimestamp();
        var paid = Volatile.Read(ref _paidUntil);
        var next = Math.Max(paid, now - _burst) + _cost;
        return next <= now && Interlocked.CompareExchange(ref _paidUntil, next, paid) == paid;
    }
}
