namespace Stormly.Deploy.Routing;

/// <summary>
/// How many requests of one plugin run or wait, and for how long all of them have done so. Requests take no lock and read nothing: the time that all of them
/// have spent is the sum of their ends, less the sum of their beginnings, plus the present number times now; sum and number are one word, which each request
/// changes once when it comes and once when it leaves.
/// </summary>
internal sealed class PluginDemand(TimeProvider time)
{
    public const int IntegralBits = 64 - CountBits;

    private const int CountBits = 20;
    private const long CountMask = (1L << CountBits) - 1;

    private readonly long _origin = time.GetTimestamp();
    private readonly double _microsPerTick = 1_000_000.0 / time.TimestampFrequency;
    private long _spentAndPresent;
    private long _arrivals;

    public ServiceTime Service { get; } = new();

    private long Micros => (long)((time.GetTimestamp() - _origin) * _microsPerTick);

    /// <summary>A request came, to run or to wait. <see cref="Leave"/> must follow exactly once.</summary>
    public void Enter()
    {
        Interlocked.Add(ref _spentAndPresent, 1 - (Micros << CountBits));
        Interlocked.Increment(ref _arrivals);
    }

    /// <summary>A request was answered or turned away.</summary>
    public void Leave() => Interlocked.Add(ref _spentAndPresent, (Micros << CountBits) - 1);

    public DemandReading Read()
    {
        var arrivals = Interlocked.Read(ref _arrivals);
        var seen = Interlocked.Read(ref _spentAndPresent);
        var now = Micros;
        var present = (int)(seen & CountMask);
        return new DemandReading(now, ((seen >> CountBits) + (present * now)) & ((1L << IntegralBits) - 1), present, arrivals, Service.Seconds);
    }
}
