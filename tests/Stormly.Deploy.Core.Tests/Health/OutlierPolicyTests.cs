using Stormly.Deploy.Health;

namespace Stormly.Deploy.Core.Tests.Health;

public sealed class OutlierPolicyTests
{
    private static readonly OutlierOptions Options = new();

    [Theory]
    [Trait("Fault", "22")]
    [InlineData(0, 4, 4, OutlierVerdict.Keep)]
    [InlineData(0, 5, 5, OutlierVerdict.Eject)]
    [InlineData(100, 5, 5, OutlierVerdict.Eject)]
    [InlineData(6, 4, 1, OutlierVerdict.Keep)]
    [InlineData(5, 5, 1, OutlierVerdict.Eject)]
    [InlineData(4, 5, 1, OutlierVerdict.Keep)]
    [InlineData(0, 0, 0, OutlierVerdict.Keep)]
    public void Decide_FirstReading_FollowsTheRowAndTheRate(long good, long bad, int row, OutlierVerdict expected)
    {
        var decision = OutlierPolicy.Decide(Options, OutlierState.Fresh, new(good, bad, row), othersReady: 1, Seconds(0));

        Assert.Equal(expected, decision.Verdict);
    }

    [Fact]
    [Trait("Fault", "22")]
    public void Decide_LastOneThatTakesRequests_IsNeverEjected()
    {
        var decision = OutlierPolicy.Decide(Options, OutlierState.Fresh, new(0, 500, 500), othersReady: 0, Seconds(0));

        Assert.Equal(OutlierVerdict.Keep, decision.Verdict);
        Assert.Null(decision.State.EjectedUntil);
        Assert.Contains("last one", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "22")]
    [InlineData(89.9, OutlierVerdict.Keep)]
    [InlineData(90, OutlierVerdict.Replace)]
    public void Decide_LastOneStaysFaulty_IsReplacedAfterTheTimeThatEjectionsWouldHaveTaken(double seconds, OutlierVerdict expected)
    {
        var first = OutlierPolicy.Decide(Options, OutlierState.Fresh, new(0, 5, 5), othersReady: 0, Seconds(0)).State;

        Assert.Equal(expected, OutlierPolicy.Decide(Options, first, new(0, 9, 9), othersReady: 0, Seconds(seconds)).Verdict);
        var well = OutlierPolicy.Decide(Options, first, new(20, 9, 1), othersReady: 0, Seconds(40)).State;
        Assert.Null(well.FaultySince);
        Assert.Equal(OutlierVerdict.Keep, OutlierPolicy.Decide(Options, well, new(20, 14, 5), othersReady: 0, Seconds(seconds)).Verdict);
    }

    [Fact]
    public void Decide_OldFailures_LeaveTheWindow()
    {
        var state = OutlierPolicy.Decide(Options, OutlierState.Fresh, new(0, 4, 4), 1, Seconds(0)).State;
        state = OutlierPolicy.Decide(Options, state, new(1, 4, 0), 1, Seconds(20)).State;
        state = OutlierPolicy.Decide(Options, state, new(2, 4, 0), 1, Seconds(60)).State;

        var late = OutlierPolicy.Decide(Options, state, new(5, 5, 1), 1, Seconds(61));

        Assert.Equal(OutlierVerdict.Keep, late.Verdict);
        Assert.Equal(OutlierVerdict.Eject, OutlierPolicy.Decide(Options, OutlierState.Fresh, new(5, 5, 1), 1, Seconds(61)).Verdict);
    }

    [Fact]
    [Trait("Fault", "22")]
    public void Decide_EjectedAgainAndAgain_StaysOutLongerAndIsThenReplaced()
    {
        var first = OutlierPolicy.Decide(Options, OutlierState.Fresh, new(0, 5, 5), 1, Seconds(0));
        Assert.Equal(Seconds(30), first.State.EjectedUntil);
        Assert.Equal(OutlierVerdict.Keep, OutlierPolicy.Decide(Options, first.State, default, 1, Seconds(29.9)).Verdict);

        var back = OutlierPolicy.Decide(Options, first.State, default, 1, Seconds(30));
        Assert.Equal(OutlierVerdict.Return, back.Verdict);

        var second = OutlierPolicy.Decide(Options, back.State, new(0, 5, 5), 1, Seconds(31));
        Assert.Equal(OutlierVerdict.Eject, second.Verdict);
        Assert.Equal(Seconds(31 + 60), second.State.EjectedUntil);

        var again = OutlierPolicy.Decide(Options, second.State, default, 1, Seconds(91));
        var third = OutlierPolicy.Decide(Options, again.State, new(0, 5, 5), 1, Seconds(92));
        Assert.Equal(OutlierVerdict.Replace, third.Verdict);
        Assert.Contains("third time", third.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_ManyReadings_RemembersABoundedNumber()
    {
        var state = OutlierState.Fresh;
        for (var i = 1; i <= 10_000; i++)
        {
            state = OutlierPolicy.Decide(Options, state, new(i * 10, i, 0), 1, TimeSpan.FromMilliseconds(i)).State;
        }

        Assert.True(state.Samples.Count <= 64);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
