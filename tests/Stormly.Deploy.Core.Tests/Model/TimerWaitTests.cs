namespace Stormly.Deploy.Model;

public class TimerWaitTests
{
    [Theory]
    [InlineData(null, -1)]
    [InlineData(-20_000L, 0)]
    [InlineData(-10_000L, 0)] // One millisecond too late is not the infinite wait that timers take -1 for.
    [InlineData(0L, 0)]
    [InlineData(1L, 1)]
    [InlineData(10_000L, 1)]
    [InlineData(10_001L, 2)]
    public void RoundUp_Waits_EndNotBeforeTheirTime(long? ticks, int milliseconds)
        => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), TimerWait.RoundUp(ticks is { } wait ? new TimeSpan(wait) : null));
}
