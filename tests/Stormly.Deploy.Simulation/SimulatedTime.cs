namespace Stormly.Deploy.Simulation;

/// <summary>Virtual time for those parts of the product that ask for it themselves.</summary>
internal sealed class SimulatedTime(Func<TimeSpan> now) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now().Ticks;
}
