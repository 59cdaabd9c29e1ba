namespace Stormly.Deploy.Scaling;

/// <summary>Knative's rule by tables, one for each of its parts, and by timelines whose numbers were worked out by hand.</summary>
public class KnativePolicyTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(100);

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0.000001, 1, 1)] // Any traffic at all asks for one.
    [InlineData(4, 1, 1)]
    [InlineData(4.000001, 1, 2)]
    [InlineData(8, 2, 2)]
    [InlineData(8, 3, 2)]
    [InlineData(12.5, 4, 4)]
    public void Decide_SteadyLoad_IsLoadByTargetRoundedUp(double inFlight, int ready, int expected) => Assert.Equal(expected, Decide(Calm(), Steady(inFlight), ready));

    [Theory]
    [InlineData(100, 10, 2, 20, 25)] // 25 asked for, 2 × 10 allowed.
    [InlineData(100, 3, 1.1, 4, 25)] // ceil(3.3): it can always grow by one.
    [InlineData(100, 0, 2, 2, 25)] // None ready counts as one.
    [InlineData(100, 30, 2, 25, 25)]
    public void Decide_Up_IsBoundByTheRateOfThoseThatAreReady(double inFlight, int ready, double rate, int expected, int without)
    {
        var options = Calm();
        Assert.Equal(without, Decide(options, Steady(inFlight), ready));

        options.MaxScaleUpRate = rate;

        Assert.Equal(expected, Decide(options, Steady(inFlight), ready));
    }

    [Theory]
    [InlineData(4, 10, 2, 5)]
    [InlineData(4, 5, 2, 2)] // floor(2.5).
    [InlineData(4, 3, 2, 1)]
    [InlineData(4, 2, 2, 1)]
    [InlineData(4, 10, 10, 1)]
    [InlineData(28, 10, 2, 7)] // What is asked for lies above the bound.
    [InlineData(0.1, 100, 1.01, 99)]
    public void Decide_Down_IsBoundByTheRateOfThoseThatAreReady(double inFlight, int ready, double rate, int expected)
    {
        var options = Calm();
        options.MaxScaleDownRate = rate;

        Assert.Equal(expected, Decide(options, Steady(inFlight), ready));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Decide_NoTrafficInTheWholeWindow_MayFallToNoneAtOnce(int ready) => Assert.Equal(0, Decide(Calm(), Steady(0), ready));

    [Theory]
    [InlineData(32, 4, 200, true)] // 8 by 4 is exactly the threshold.
    [InlineData(31, 4, 200, true)] // Rounded up before it is compared.
    [InlineData(28, 4, 200, false)]
    [InlineData(8, 0, 200, true)] // None ready counts as one.
    [InlineData(4, 0, 200, false)]
    [InlineData(28, 4, 150, true)]
    public void Decide_Burst_BeginsAtTheThreshold(double burst, int ready, double threshold, bool panics)
    {
        var options = Calm();
        options.PanicThresholdPercentage = threshold;

        var (state, _) = KnativePolicy.Decide(options, 4, Burst(0, burst), ready, Now);

        Assert.Equal(panics ? Now : null, state.PanicSince);
    }

    [Fact]
    public void Decide_BurstBeyondTheUpRate_IsStillABurst()
    {
        var options = Calm();
        options.MaxScaleUpRate = 1.5; // 2 × 1.5 = 3 stays below the threshold of 4; what was asked for does not.

        var (state, answer) = KnativePolicy.Decide(options, 4, Burst(0, 40), 2, Now);

        Assert.Equal(Now, state.PanicSince);
        Assert.Equal(3, answer!.Instances);
    }

    [Fact]
    public void Decide_BurstGoesOn_IsExtended()
    {
        var state = Burst(0, 40) with { PanicSince = Now - TimeSpan.FromSeconds(59), PanicMost = 3 };

        (state, _) = KnativePolicy.Decide(Calm(), 4, state, 2, Now);

        Assert.Equal(Now, state.PanicSince);
    }

    [Theory]
    [InlineData(60, true)] // Exactly one stable window is not yet over.
    [InlineData(60.001, false)]
    [InlineData(10, true)]
    public void Decide_BurstOver_EndsAfterOneStableWindow(double ago, bool panics)
    {
        var state = Steady(4) with { PanicSince = Now - TimeSpan.FromSeconds(ago), PanicMost = 9 };

        (state, var answer) = KnativePolicy.Decide(Calm(), 4, state, 4, Now);

        Assert.Equal(panics, state.PanicSince is not null);
        Assert.Equal(panics ? 9 : 0, state.PanicMost);
        Assert.Equal(panics ? 9 : 2, answer!.Instances); // 1 is asked for, and from 4 it may fall to 2.
    }

    [Theory]
    [InlineData(40, 8, 5, 10)] // The long window asks for more than the burst.
    [InlineData(8, 40, 5, 10)]
    [InlineData(8, 40, 12, 12)] // The greatest answer of the burst so far.
    public void Decide_InABurst_TheGreatestOfAllCounts(double stable, double panic, int most, int expected)
    {
        var state = Burst(stable, panic) with { PanicSince = Now, PanicMost = most };

        (state, var answer) = KnativePolicy.Decide(Calm(), 4, state, 8, Now);

        Assert.Equal(expected, answer!.Instances);
        Assert.Equal(expected, state.PanicMost);
    }

    [Fact]
    public void Decide_NothingMeasured_DecidesNothing()
    {
        var begun = KnativeState.Begin(Calm(), 3, Now);

        var (state, answer) = KnativePolicy.Decide(Calm(), 4, begun, 3, Now);

        Assert.Null(answer);
        Assert.Equal(begun, state);
    }

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(1, false, 0)]
    [InlineData(2, true, 2)]
    [InlineData(7, true, 7)]
    public void Begin_MoreThanOneRuns_BeginsAsABurstDoes(int running, bool panics, int most)
    {
        var state = KnativeState.Begin(Calm(), running, Now);

        Assert.Equal(panics ? Now : null, state.PanicSince);
        Assert.Equal(most, state.PanicMost);
    }

    [Fact]
    public void Decide_AfterBegin_DoesNotShrinkWithinTheFirstWindow()
    {
        var state = KnativeState.Begin(Calm(), 5, TimeSpan.Zero);
        var answers = new List<(int At, int Answer)>();
        for (var second = 1; second <= 70; second++)
        {
            (state, var answer) = KnativePolicy.Decide(Calm(), 4, state.Record(second, 1), ready: 5, TimeSpan.FromSeconds(second));
            answers.Add((second, answer!.Instances));
        }

        Assert.All(answers.Where(a => a.At <= 60), a => Assert.Equal(5, a.Answer));
        Assert.All(answers.Where(a => a.At > 60), a => Assert.Equal(2, a.Answer));
    }

    // Load asks for 5, then for 1, with five instances that stay ready and no bound on the way down.
    [Theory]
    [InlineData(0, 100)]
    [InlineData(10, 110)]
    [InlineData(30, 130)]
    [InlineData(7, 108)] // Four ticks of 2 s: the answer of tick 98 leaves with tick 106, which is the first whose window has only small answers.
    public void Decide_ScaleDownDelay_HoldsTheGreatestAnswer(int delay, int fallsBy)
    {
        var options = Calm();
        (options.ScaleDownDelay, options.MaxScaleDownRate) = (TimeSpan.FromSeconds(delay), 1000);
        var (large, small) = (Steady(20), Steady(4));
        var answers = AnswerWindow.Empty;
        int? fell = null;
        for (var second = 80; second <= 140 && fell is null; second += 2)
        {
            var now = TimeSpan.FromSeconds(second);
            var seen = second < 100 ? large : small;
            var window = DemandWindow.Of(60).Record(second, seen.Stable.Values[0]);
            var (state, answer) = KnativePolicy.Decide(options, 4, seen with { Stable = window, Panic = window, Answers = answers }, ready: 5, now);
            answers = state.Answers;
            fell = answer!.Instances == 1 ? second : null;
        }

        Assert.InRange(fell ?? 0, fallsBy - 2, fallsBy);
    }

    /// <summary>A burst of ten times the load for ten seconds. The averages behind each number stand beside it.</summary>
    [Fact]
    public void Decide_ABurstFromStartToEnd_GivesTheNumbersWorkedOutByHand()
    {
        var state = KnativeState.Begin(Calm(), 1, TimeSpan.Zero);
        var ready = 1;
        var seen = new Dictionary<int, int>();
        for (var second = 1; second <= 84; second++)
        {
            state = state.Record(second, second is > 10 and <= 20 ? 40 : 4);
            if (second % 2 == 0)
            {
                (state, var answer) = KnativePolicy.Decide(Calm(), 4, state, ready, TimeSpan.FromSeconds(second));
                seen[second] = ready = answer!.Instances;
            }
        }

        Assert.Equal(1, seen[10]);
        Assert.Equal(4, seen[12]); // (4×4 + 2×40) ÷ 6 = 16 over the short window, 10 over the long one; 4 ÷ 1 ≥ 2: a burst.
        Assert.Equal(7, seen[14]); // (2×4 + 4×40) ÷ 6 = 28; 7 ÷ 4 < 2: the burst is not extended.
        Assert.Equal(10, seen[16]); // 40.
        Assert.Equal(10, seen[24]); // The load is back at 4, the burst not over.
        Assert.Equal(10, seen[72]); // 12 + 60: not yet.
        Assert.Equal(5, seen[74]); // (6×40 + 54×4) ÷ 60 = 7.6 asks for 2; from 10 it falls to 5.
        Assert.Equal(2, seen[76]); // (4×40 + 56×4) ÷ 60 = 6.4.
        Assert.Equal(2, seen[78]); // (2×40 + 58×4) ÷ 60 = 5.2.
        Assert.Equal(1, seen[80]); // 4.
        Assert.Equal(1, seen[84]);
    }

    [Fact]
    public void Decide_TellsItsNumbersAndWhatWonOverThem()
    {
        var options = Calm();
        options.ScaleDownDelay = TimeSpan.FromSeconds(30);
        var (state, _) = KnativePolicy.Decide(options, 4, Steady(36), ready: 9, Now);

        var (_, answer) = KnativePolicy.Decide(options, 4, Steady(4) with { Answers = state.Answers }, ready: 9, Now + TimeSpan.FromSeconds(2));

        Assert.Equal(9, answer!.Instances);
        Assert.Equal(
            "4 requests in flight over 60 s and 4 over 6 s, 4 for each instance: 1 and 1; from 9 ready it may go to 4 at least and 9000 at most; "
            + "9 was asked for within the last 30 s, so it does not fall to 4 yet",
            answer.Why);
    }

    private static ScalingOptions Calm() => new() { ScaleDownDelay = TimeSpan.Zero };

    private static int Decide(ScalingOptions options, KnativeState state, int ready) => KnativePolicy.Decide(options, 4, state, ready, Now).Answer!.Instances;

    private static KnativeState Steady(double inFlight) => Burst(inFlight, inFlight);

    private static KnativeState Burst(double stable, double panic)
    {
        var state = KnativeState.Begin(Calm(), 0, TimeSpan.Zero);
        return state with { Stable = state.Stable.Record(100, stable), Panic = state.Panic.Record(100, panic) };
    }
}
