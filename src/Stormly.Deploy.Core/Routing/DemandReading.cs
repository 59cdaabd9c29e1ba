namespace Stormly.Deploy.Routing;

/// <summary>The demand for one plugin as read at one moment. Two readings tell the exact mean between them.</summary>
/// <param name="Micros">When, in microseconds of the monotonic clock.</param>
/// <param name="Integral">The time that all requests together have spent here, in microseconds, modulo 2^44.</param>
/// <param name="Present">Requests that run or wait at this moment.</param>
/// <param name="Arrivals">Requests that have come in all.</param>
/// <param name="ServiceSeconds">How long an instance takes for an answer; 0 before the first one.</param>
internal readonly record struct DemandReading(long Micros, long Integral, int Present, long Arrivals, double ServiceSeconds)
{
    /// <summary>The mean number of requests that ran or waited since an earlier reading, weighted by time.</summary>
    /// <param name="earlier">The earlier one; less than a hundred request-days ago.</param>
    /// <returns>The mean; what is present now where no time has passed.</returns>
    public double MeanSince(DemandReading earlier)
    {
        var passed = Micros - earlier.Micros;
        const int Spare = 64 - PluginDemand.IntegralBits;
        var spent = (Integral - earlier.Integral) << Spare >> Spare;
        return passed <= 0 ? Present : Math.Max(0, spent / (double)passed);
    }

    /// <summary>How many requests came each second since an earlier reading.</summary>
    public double RateSince(DemandReading earlier)
        => Micros <= earlier.Micros ? 0 : (Arrivals - earlier.Arrivals) * 1_000_000.0 / (Micros - earlier.Micros);
}
