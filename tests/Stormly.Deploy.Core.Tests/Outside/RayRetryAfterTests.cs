using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Outside;

/// <summary>
/// When one who was turned away should come back. ray-project/ray, python/ray/serve/tests/unit/test_backpressure_retry_after.py. Ray divides the
/// depth of the queue by the rate at which it drains; here the rate is the requests in flight over the mean time of an answer, which is the same.
/// </summary>
public class RayRetryAfterTests
{
    [Theory]
    [Trait("Fault", "73")]
    [Trait("Source", "TestComputeRetryAfterDecision")]
    [InlineData(9, 5, 1.0, 2)] // test_computed_warm: 10 to serve at 5 a second
    [InlineData(10, 4, 1.0, 3)] // test_snapshot_fields: 2.75 s is rounded up
    [InlineData(0, 100, 1.0, 1)] // test_computed_clamp: never below a second
    [InlineData(999, 1, 1.0, 120)] // test_computed_clamp; Ray's greatest is 60 s, ours 2 min: models can be slow
    [InlineData(10, 0, 1.0, 11)] // nothing in flight, as when all were just cut off: as if one at a time
    [InlineData(10, 5, 0.0, 1)] // test_computed_cold_without_fallback_has_no_header; here a second, the least that is ever said
    public void Estimate_WaitingInFlightAndServiceTime_IsWhatTheQueueNeeds(int waiting, int inFlight, double serviceSeconds, int expected)
        => Assert.Equal(TimeSpan.FromSeconds(expected), RetryAfter.Estimate(waiting, inFlight, serviceSeconds));

    [Theory]
    [Trait("Source", "TestDrainRateEstimator: test_first_sample_only_sets_baseline, test_ewma, test_busy_zero_interval_decays_rate")]
    [InlineData(new[] { 10.0 }, 10.0)]
    [InlineData(new[] { 10.0, 20.0 }, 11.0)] // Ray weighs the newest with 0.3, ours with 0.1: each answer counts here, each second there
    [InlineData(new[] { 10.0, 10.0, 10.0 }, 10.0)]
    [InlineData(new double[0], 0.0)]
    public void ServiceTime_OfSomeAnswers_IsTheRunningMean(double[] seconds, double expected)
    {
        var mean = new ServiceTime();

        foreach (var one in seconds)
        {
            mean.Add(TimeSpan.FromSeconds(one));
        }

        Assert.Equal(expected, mean.Seconds, 9);
    }

    /// <summary>Nothing drains although there is work: the estimate must grow with what the requests took, not stay at what answers took once.</summary>
    [Fact]
    [Trait("Fault", "73")]
    [Trait("Source", "test_computed_zero_rate_falls_back, test_busy_zero_interval_decays_rate_and_counts_toward_warmup")]
    public async Task Send_InstanceThatOnlyTimesOut_RetryAfterKnowsHowLongThatTakes()
    {
        using var world = new RoutingWorld(o => (o.MaxRequestsPerInstance, o.QueueLength, o.RequestTimeout) = (1, 0, TimeSpan.FromSeconds(30)));
        var instances = new ScriptedCaller();
        var client = new PluginClient(
            world.Table, world.Router, instances, Options.Create(world.Options), Options.Create(new RequestOptions()), world.Time, world.Metrics, NullLogger<PluginClient>.Instance);
        var target = world.MakeTarget(1);
        world.Publish(RouteAvailability.Serving, target);
        instances.Answer(1, () =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(30));
            return CallOutcome.Failed(CallResult.TimedOut, "no whole answer");
        });
        using var late = await client.SendAsync("churn", "{\"props\":{}}"u8.ToArray(), null, TestContext.Current.CancellationToken);
        Assert.Equal(PluginOutcome.Timeout, late.Outcome);
        Assert.True(target.TryClaim(1));

        using var turnedAway = await client.SendAsync("churn", "{\"props\":{}}"u8.ToArray(), null, TestContext.Current.CancellationToken);

        Assert.Equal((PluginOutcome.Overloaded, TimeSpan.FromSeconds(30)), (turnedAway.Outcome, turnedAway.RetryAfter));
        target.Release();
    }

    /// <summary>Ray spreads the value by a fifth either way. Here the queue is served in the order of arrival, so those who come back early wait no longer than others.</summary>
    [Fact]
    [Trait("Source", "TestJitter, test_static_jitter_and_rounding")]
    public void Estimate_TheSameTwice_Differs_IsTheSame()
        => Assert.Equal(RetryAfter.Estimate(50, 3, 1.7), RetryAfter.Estimate(50, 3, 1.7));

    /// <summary>Shedding is told apart from being broken: 429 with a computed time, 503 with the time of the next start where there is one.</summary>
    [Theory]
    [Trait("Fault", "21")]
    [Trait("Fault", "73")]
    [Trait("Source", "ray#65193: 503 for shedding is confused with broken")]
    [InlineData(RouteAvailability.Serving, PluginOutcome.Overloaded)]
    [InlineData(RouteAvailability.Unavailable, PluginOutcome.Unavailable)]
    public async Task Send_NobodyTakesIt_BusyAndBrokenAreToldApart(object availability, PluginOutcome expected)
    {
        using var world = new RoutingWorld(o => (o.MaxRequestsPerInstance, o.QueueLength) = (1, 0));
        var client = new PluginClient(
            world.Table, world.Router, new ScriptedCaller(), Options.Create(world.Options), Options.Create(new RequestOptions()), world.Time, world.Metrics, NullLogger<PluginClient>.Instance);
        var target = world.MakeTarget();
        target.TryClaim(1);
        world.Publish((RouteAvailability)availability, (RouteAvailability)availability == RouteAvailability.Serving ? [target] : []);

        using var response = await client.SendAsync("churn", "{\"props\":{}}"u8.ToArray(), null, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.Outcome);
        Assert.NotNull(response.RetryAfter);
    }
}
