using Microsoft.Extensions.Time.Testing;

namespace Stormly.Deploy.Simulation;

/// <summary>A played clock that somebody may set, as people and time servers do with the clock of a machine: what is measured goes on.</summary>
/// <param name="measured">What is measured from.</param>
/// <param name="ahead">How far the time of day is ahead of it.</param>
internal sealed class StormClock(DateTimeOffset measured, TimeSpan ahead) : FakeTimeProvider(measured)
{
    private TimeSpan _ahead = ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>Sets the time of day.</summary>
    /// <param name="by">How far; back where it is negative.</param>
    public void Set(TimeSpan by) => _ahead += by;

    /// <summary>The same clock for the next run of the host application, with the timers of this one gone.</summary>
    public StormClock Next() => new(base.GetUtcNow(), _ahead);
}
