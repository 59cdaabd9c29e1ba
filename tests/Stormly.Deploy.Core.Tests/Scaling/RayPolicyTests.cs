using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>
/// The cases of Ray Serve's policy (python/ray/serve/tests/unit/test_autoscaling_policy.py), told again: the formula with its factors, and the delays by ticks.
/// The aim is 2 there and here, the tick 2 s here.
/// </summary>
public class RayPolicyTests
{
    [Theory]
    [InlineData(40, 10, 1, 1, 20)]
    [InlineData(20, 10, 1, 1, 10)]
    [InlineData(1, 1, 1, 1, 1)] // 0.5 asks for one.
    [InlineData(0, 10, 1, 1, 1)] // From many to none only over one.
    [InlineData(40, 10, 0.5, 1, 15)] // Half of the difference.
    [InlineData(40, 10, 3, 1, 40)]
    [InlineData(10, 10, 1, 0.5, 8)] // 10 − 2.5, rounded up.
    [InlineData(10, 10, 1, 0.6, 7)]
    [InlineData(18, 10, 1, 0.1, 9)] // 9.9 rounds up to 10: it moves by one all the same.
    [InlineData(19, 10, 1, 0.1, 10)] // 9.5 asks for ten, so there is nothing to move.
    [InlineData(21, 10, 0.01, 1, 11)] // Rounded up, so the way up is never stuck.
    public void Decide_WithoutDelays_IsThePartOfTheDifference(double inFlight, int ready, double up, double down, int expected)
    {
        var spec = Spec(o => (o.Ray.UpDelay, o.Ray.DownDelay, o.Ray.UpFactor, o.Ray.DownFactor) = (TimeSpan.Zero, TimeSpan.Zero, up, down));

        Assert.Equal(expected, Decide(spec, Policy(inFlight), ready, ready).Answer);
    }

    [Fact]
    public void Decide_Up_NeedsEveryTickOfTheDelayAndOneMore()
    {
        var (spec, policy) = (Spec(), Policy(40));
        for (var tick = 1; tick <= 15; tick++)
        {
            (policy, var waits) = Decide(spec, policy, 10, 10);
            Assert.Equal(10, waits);
        }

        Assert.Equal(20, Decide(spec, policy, 10, 10).Answer);
    }

    [Fact]
    public void Decide_Down_NeedsEveryTickOfItsOwnDelay()
    {
        var (spec, policy) = (Spec(), Policy(4));
        for (var tick = 1; tick <= 300; tick++)
        {
            (policy, var waits) = Decide(spec, policy, 10, 10);
            Assert.Equal(10, waits);
        }

        (policy, var answer) = Decide(spec, policy, 10, 10);
        Assert.Equal(2, answer);
        (policy, _) = Decide(spec, policy, 2, 2);
        Assert.Equal(0, policy.Ticks);
    }

    /// <summary>Ray forgets its count with every answer; here an answer that was held back, as the last instance is for a grace, is given again.</summary>
    [Fact]
    public void Decide_AnAnswerThatWasNotFollowed_IsGivenAgainAtTheNextTick()
    {
        var (spec, policy) = (Spec(o => o.Ray.DownDelay = TimeSpan.FromSeconds(6)), Policy(0));
        Assert.Equal((4, 0), Fall(spec, ref policy, from: 1));

        Assert.Equal((1, 0), Fall(spec, ref policy, from: 1));
    }

    [Fact]
    public void Planner_NobodyAsks_TheLastOneGoesAfterTheDelayAndTheGrace()
    {
        var spec = Spec(o => o.Policy = ScalingPolicyKind.RayServe);
        var memory = ScaleMemory.Begin(spec, 1, TimeSpan.Zero);
        var gone = 0;
        for (var second = 2; second <= 900 && gone == 0; second += 2)
        {
            var decision = ScalePlanner.Decide(spec, memory, new ScaleSignals { InFlight = 0, Present = 0, Wanted = 1, Ready = 1 }, TimeSpan.FromSeconds(second));
            (memory, gone) = (decision.Memory, decision.Wanted == 0 ? second : 0);
        }

        Assert.Equal(600 + 2 + 30, gone);
    }

    [Theory]
    [InlineData(20)] // As wanted.
    [InlineData(4)] // The other direction.
    public void Decide_InterruptedOnce_CountsFromTheStart(double interruption)
    {
        var (spec, policy) = (Spec(), Policy(40));
        for (var tick = 1; tick <= 15; tick++)
        {
            (policy, _) = Decide(spec, policy, 10, 10);
        }

        (policy, _) = Decide(spec, policy with { Window = Policy(interruption).Window }, 10, 10);
        (policy, var answer) = Decide(spec, policy with { Window = Policy(40).Window }, 10, 10);

        Assert.Equal(10, answer);
        Assert.Equal(1, policy.Ticks);
    }

    [Fact]
    public void Decide_FromManyToNone_TakesTwoStepsWithTheirOwnDelays()
    {
        var spec = Spec(o => (o.Ray.DownDelay, o.Ray.DownToZeroDelay) = (TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20)));
        var policy = Policy(0);
        Assert.Equal((3, 1), Fall(spec, ref policy, from: 5));
        Assert.Equal((11, 0), Fall(spec, ref policy, from: 1));
    }

    [Fact]
    public void Decide_ToNoneWithoutADelayOfItsOwn_TakesTheOneOfTheWayDown()
    {
        var spec = Spec(o => o.Ray.DownDelay = TimeSpan.FromSeconds(6));
        var policy = Policy(0);

        Assert.Equal((4, 0), Fall(spec, ref policy, from: 1));
    }

    [Fact]
    public void Decide_NoneReadyYet_KeepsWhatIsOrdered() => Assert.Equal(3, Decide(Spec(o => o.Ray.UpDelay = TimeSpan.Zero), Policy(100), ready: 0, wanted: 3).Answer);

    [Fact]
    public void Decide_BeyondTheRange_AsksForItsEnd()
        => Assert.Equal(50, Decide(Spec(o => o.Ray.UpDelay = TimeSpan.Zero), Policy(1000), ready: 10, wanted: 10).Answer);

    [Fact]
    public void Decide_NothingMeasured_DecidesNothing()
        => Assert.Null(RayPolicy.Begin(new ScalingOptions()).Decide(Spec(), new ScaleSignals { InFlight = 0, Present = 0, Wanted = 1, Ready = 1 }, Second).Answer);

    [Fact]
    public void Planner_ChosenByOptions_FollowsThisRule()
    {
        var spec = Spec(o => o.Policy = ScalingPolicyKind.RayServe);
        var memory = ScaleMemory.Begin(spec, 1, TimeSpan.Zero);
        var rose = 0;
        for (var second = 2; second <= 60 && rose == 0; second += 2)
        {
            var decision = ScalePlanner.Decide(spec, memory, new ScaleSignals { InFlight = 8, Present = 8, Wanted = 1, Ready = 1 }, TimeSpan.FromSeconds(second));
            (memory, rose) = (decision.Memory, decision.Wanted > 1 ? second : 0);
        }

        Assert.Equal(32, rose);
    }

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(100);

    private static (int Ticks, int To) Fall(ScaleSpec spec, ref RayPolicy policy, int from)
    {
        for (var tick = 1; ; tick++)
        {
            (policy, var answer) = Decide(spec, policy, from, from);
            if (answer != from)
            {
                return (tick, answer);
            }
        }
    }

    private static (RayPolicy Next, int Answer) Decide(ScaleSpec spec, RayPolicy policy, int ready, int wanted)
    {
        var (next, answer) = policy.Decide(spec, new ScaleSignals { InFlight = 0, Present = 0, Wanted = wanted, Ready = ready }, Second);
        return ((RayPolicy)next, answer!.Instances);
    }

    private static RayPolicy Policy(double inFlight) => (RayPolicy)RayPolicy.Begin(new ScalingOptions()).Record(100, inFlight);

    private static ScaleSpec Spec(Action<ScalingOptions>? configure = null)
    {
        var options = new ScalingOptions { TargetInFlight = 2 };
        configure?.Invoke(options);
        return new ScaleSpec(new ScaleRange(0, 50), options, 64);
    }
}
