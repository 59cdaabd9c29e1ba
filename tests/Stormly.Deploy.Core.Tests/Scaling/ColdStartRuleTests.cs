using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>How much of a queue counts while instances are on their way (knative/serving#4344). The aim is 4 for each instance.</summary>
public class ColdStartRuleTests
{
    // In flight, ordered, time of an answer, arrivals each second; how much counts.
    [Theory]
    [InlineData(3, 1, 0.1, 3, 3)] // No more than the ordered one should have: all of it.
    [InlineData(100, 1, 0, 16, 4)] // Nobody knows how long an answer takes: what is ordered will show.
    [InlineData(100, 1, 0.1, 16, 4)] // 1.6 in flight after the start-up: one bears that.
    [InlineData(100, 1, 0.1, 40, 4)] // Exactly what one bears.
    [InlineData(100, 1, 0.1, 41, 8)]
    [InlineData(100, 1, 0.1, 100, 12)] // Ten in flight: three instances.
    [InlineData(100, 3, 0.1, 100, 12)] // Ordered already: nothing more.
    [InlineData(100, 5, 0.1, 100, 20)]
    [InlineData(100, 0, 0.1, 0, 4)] // One is coming in any case.
    [InlineData(40, 4, 0.4, 100, 40)] // No queue but load: all of it.
    [InlineData(100, 1, 2, 60, 100)] // The load is going to be more than what is there.
    public void Count_WhileInstancesStart_IsTheLoadAfterItOrWhatTheOrderedOnesBear(double inFlight, int ordered, double service, double arrivals, double expected)
    {
        var (counted, why) = ColdStartRule.Count(Spec(new ScalingOptions()), Signals(inFlight, ordered, service), arrivals);

        Assert.Equal(expected, counted);
        Assert.Equal(counted < inFlight, why is not null);
    }

    [Fact]
    public void Count_TellsItsNumbers() => Assert.Equal(
        "100 requests queued for instances on their way and count as 4: 1 are ordered, 16 come each second, and an answer takes 0.1 s",
        ColdStartRule.Count(Spec(new ScalingOptions()), Signals(100, 1, 0.1), 16).Why);

    [Theory]
    [InlineData(ScalingPolicyKind.Knative)]
    [InlineData(ScalingPolicyKind.RayServe)]
    public void Decide_ABurstFromZeroWithALongStart_OrdersWhatTheLoadNeedsAfterIt(ScalingPolicyKind policy)
    {
        // 30 requests each second of 0.1 s: three in flight, so one instance. It starts for 40 s, while 1200 requests queue; then it works off 40 each second.
        var spec = Spec(new ScalingOptions { Policy = policy });
        var (most, tells) = Play(spec, arrivals: 30, service: 0.1, start: 40);

        Assert.Equal(1, tells);
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public void Decide_ABurstFromZeroThatNeedsTen_OrdersTen()
    {
        // 100 requests each second of 0.38 s: 38 in flight, so ten instances.
        var (most, _) = Play(Spec(new ScalingOptions()), arrivals: 100, service: 0.38, start: 40);

        Assert.InRange(most, 10, 11);
    }

    [Fact]
    public void Decide_WithoutTheRule_OrdersFarTooMany()
    {
        var spec = Spec(new ScalingOptions());
        var memory = ScaleMemory.Begin(spec, 0, TimeSpan.Zero);
        var decision = ScalePlanner.Decide(spec, memory, new ScaleSignals { InFlight = 1200, Present = 1200, Wanted = 1, Ready = 0, Starting = 0 }, TimeSpan.FromSeconds(2));

        Assert.Equal(100, decision.Wanted);
    }

    [Theory]
    [InlineData(0, 12)] // 5 s for the start, and 6 s in which the queue did not become shorter.
    [InlineData(1, 58)] // It becomes shorter by one at every tick, so the ordered one copes, until it has only what it should have.
    public void Decide_AfterTheStartUp_AllDemandCountsOnceTheQueueDoesNotBecomeShorter(int shorter, int expected)
    {
        var spec = Spec(new ScalingOptions());
        var memory = ScalePlanner.Wake(spec, ScaleMemory.Begin(spec, 0, TimeSpan.Zero), present: 30, TimeSpan.FromSeconds(5), TimeSpan.Zero).Memory;
        var (second, wanted, present) = (0, 1, 30);
        while (wanted == 1 && memory.StartingUntil is not null)
        {
            present = Math.Max(4, present - shorter);
            second += 2;
            var decision = ScalePlanner.Decide(spec, memory, Signals(present, 1, 0.1) with { Ready = 1 }, TimeSpan.FromSeconds(second));
            (memory, wanted) = (decision.Memory, decision.Wanted);
        }

        Assert.Equal(expected, second);
        Assert.Equal(shorter == 0, wanted > 1);
    }

    private static ScaleSignals Signals(double inFlight, int ordered, double service) => new()
    {
        InFlight = inFlight,
        Present = (int)inFlight,
        Wanted = ordered,
        Ready = 0,
        StartTook = TimeSpan.FromSeconds(5),
        ServiceSeconds = service,
    };

    private static ScaleSpec Spec(ScalingOptions options) => new(new ScaleRange(0, 100), options, 64);

    /// <summary>Plays arrivals from nothing on: instances are ready <paramref name="start"/> seconds after their order and work off what their aim allows.</summary>
    private static (int Most, int Tells) Play(ScaleSpec spec, double arrivals, double service, int start)
    {
        var memory = ScaleMemory.Begin(spec, 0, TimeSpan.Zero);
        memory = ScalePlanner.Wake(spec, memory, 1, TimeSpan.FromSeconds(start), TimeSpan.Zero).Memory;
        var orders = new List<int> { 0 };
        var (queue, tells) = (0.0, 0);
        for (var second = 2; second <= 300; second += 2)
        {
            var ready = orders.Count(o => second - o >= start);
            var steady = ready > 0 ? arrivals * service : 0;
            queue = Math.Max(0, queue + (2 * arrivals) - (2 * ready * spec.Target / service));
            var signals = new ScaleSignals
            {
                InFlight = queue + steady,
                Present = (int)(queue + steady),
                Wanted = orders.Count,
                Ready = ready,
                Starting = orders.Count - ready,
                StartTook = TimeSpan.FromSeconds(start),
                ServiceSeconds = service,
                ArrivalsPerSecond = arrivals,
            };
            var decision = ScalePlanner.Decide(spec, memory, signals, TimeSpan.FromSeconds(second));
            memory = decision.Memory;
            tells += decision.Tell ? 1 : 0;
            orders.AddRange(Enumerable.Repeat(second, Math.Max(0, decision.Wanted - orders.Count)));
        }

        return (orders.Count, tells);
    }
}
