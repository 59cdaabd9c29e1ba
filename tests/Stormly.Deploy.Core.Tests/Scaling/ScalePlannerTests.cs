using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

public class ScalePlannerTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(1000);

    [Theory]
    [InlineData(20, 1, 10, 5)]
    [InlineData(20, 1, 3, 3)]
    [InlineData(20, 7, 9, 7)]
    [InlineData(0, 2, 9, 2)]
    public void Decide_TheAnswer_IsBoundByTheRange(double inFlight, int min, int max, int expected)
        => Assert.Equal(expected, Decide(Spec(min, max), inFlight, wanted: 5, present: (int)inFlight).Wanted);

    [Fact]
    public void Decide_ARangeBindsIt_SaysSo()
    {
        var decision = Decide(Spec(1, 3), 20, wanted: 1, present: 20);

        Assert.EndsWith("; the range is 1..3", decision.Why, StringComparison.Ordinal);
        Assert.Equal(("3", "5"), (decision.Basis!.Chosen, decision.Basis.Rejected));
    }

    [Theory]
    [InlineData(4, 64, 5)] // The aim is 4.
    [InlineData(4, 1, 20)] // An instance that takes one at a time cannot have four.
    [InlineData(50, 10, 2)]
    public void Decide_TheAim_IsNeverAboveWhatAnInstanceTakes(double target, int limit, int expected)
    {
        var options = new ScalingOptions { TargetInFlight = target };

        Assert.Equal(expected, Decide(new ScaleSpec(new ScaleRange(1, 100), options, limit), 20, wanted: 1, present: 20).Wanted);
    }

    [Fact]
    public void Decide_NoTraffic_TheLastOneStaysForTheGrace()
    {
        var spec = Spec(0, 5);
        var first = Decide(spec, 0, wanted: 2, present: 0);
        Assert.Equal(1, first.Wanted);

        var soon = ScalePlanner.Decide(spec, first.Memory, Signals(0, 1, 0), Now + TimeSpan.FromSeconds(29.9));
        Assert.Equal(1, soon.Wanted);

        var late = ScalePlanner.Decide(spec, soon.Memory, Signals(0, 1, 0), Now + TimeSpan.FromSeconds(30));
        Assert.Equal(0, late.Wanted);
    }

    [Fact]
    public void Decide_ARequestDuringTheGrace_BeginsItAnew()
    {
        var spec = Spec(0, 5);
        var memory = Decide(spec, 0, wanted: 1, present: 0).Memory;
        memory = ScalePlanner.Decide(spec, memory, Signals(0, 1, present: 1), Now + TimeSpan.FromSeconds(20)).Memory;
        Assert.Null(memory.IdleSince);

        Assert.Equal(1, ScalePlanner.Decide(spec, memory, Signals(0, 1, 0), Now + TimeSpan.FromSeconds(40)).Wanted);
        Assert.Equal(1, ScalePlanner.Decide(spec, memory, Signals(0, 1, present: 3), Now + TimeSpan.FromSeconds(300)).Wanted);
    }

    [Fact]
    public void Decide_NotWatchedForAWholeWindow_TheLastOneStays()
    {
        var spec = Spec(0, 5);
        var memory = ScaleMemory.Begin(spec, 1, Now - TimeSpan.FromSeconds(59));

        var decision = ScalePlanner.Decide(spec, memory, Signals(0, 1, 0), Now);

        Assert.Equal(1, decision.Wanted);
        Assert.Null(decision.Memory.IdleSince);
        Assert.Equal(Now + TimeSpan.FromSeconds(1), ScalePlanner.Decide(spec, decision.Memory, Signals(0, 1, 0), Now + TimeSpan.FromSeconds(1)).Memory.IdleSince);
    }

    [Theory]
    [InlineData(8, 5, 5)] // May not fall.
    [InlineData(40, 5, 10)] // May rise.
    public void Decide_HeldByARollout_OnlyRises(double inFlight, int wanted, int expected)
    {
        var decision = ScalePlanner.Decide(Spec(0, 20), Watched(Spec(0, 20)), Signals(inFlight, wanted, (int)inFlight) with { Held = "a revision is coming in" }, Now);

        Assert.Equal(expected, decision.Wanted);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void Wake_StartsTheLeastThatServes(int min, int expected)
    {
        var spec = Spec(min, 5);

        Assert.Equal(expected, ScalePlanner.Wake(spec, Watched(spec), present: 50, TimeSpan.FromSeconds(5), Now).Wanted);
    }

    private static ScaleSpec Spec(int min, int max) => new(new ScaleRange(min, max), new ScalingOptions { ScaleDownDelay = TimeSpan.Zero, MaxScaleDownRate = 1000 }, 64);

    private static ScaleMemory Watched(ScaleSpec spec) => ScaleMemory.Begin(spec, 0, Now - TimeSpan.FromSeconds(100));

    private static ScaleSignals Signals(double inFlight, int wanted, int present) => new() { InFlight = inFlight, Wanted = wanted, Ready = wanted, Present = present };

    private static ScaleDecision Decide(ScaleSpec spec, double inFlight, int wanted, int present) => ScalePlanner.Decide(spec, Watched(spec), Signals(inFlight, wanted, present), Now);
}
