using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Outside;

/// <summary>Knative's activator: how much all instances take together, and which of them gets a request. knative/serving, pkg/activator/net/{throttler,lb_policy}_test.go.</summary>
public class KnativeThrottlerTests
{
    /// <summary>Knative divides the sum among its activators; here one router owns all of it, so the rows with several activators have no counterpart.</summary>
    [Theory]
    [Trait("Source", "TestThrottlerUpdateCapacity")]
    [InlineData(1, 10, 10)] // capacity: 1, cc: 10
    [InlineData(10, 10, 100)] // capacity: 10, cc: 10
    [InlineData(100, 10, 1000)] // capacity: 100, cc: 10
    [InlineData(2, 10, 20)] // 2 backends, pods: 2
    [InlineData(3, 10, 30)]
    [InlineData(5, 1, 5)] // pods: 5, cc: 1
    [InlineData(0, 10, 0)] // capacity: 0
    public void Claim_UntilNobodyIsFree_GivesInstancesTimesTheirLimit(int instances, int limit, int expected)
    {
        using var world = new RoutingWorld(o => (o.MaxRequestsPerInstance, o.QueueLength) = (limit, 0));
        world.Publish(instances == 0 ? RouteAvailability.Unavailable : RouteAvailability.Serving, [.. Enumerable.Range(0, instances).Select(_ => world.MakeTarget())]);

        var granted = Enumerable.Range(0, expected + 5).Count(_ => world.AskAsync().Result.Lease is not null);

        Assert.Equal(expected, granted);
    }

    [Theory]
    [Trait("Source", "TestRandomChoice2")]
    [InlineData(1)] // 1 tracker: the one, again and again
    [InlineData(2)] // 2 trackers: the second request goes to the other one
    [InlineData(3)] // 3 trackers: the second request goes to another one
    public void Claim_OneAfterTheOther_GoesToAnIdleOneFirst(int instances)
    {
        for (var round = 0; round < 50; round++)
        {
            using var world = new RoutingWorld();
            var targets = Enumerable.Range(0, instances).Select(_ => world.MakeTarget()).ToArray();
            world.Publish(RouteAvailability.Serving, [.. targets]);
            var first = world.Claim();
            Assert.Equal(1, first.Target.InFlight);

            var second = world.Claim();

            Assert.Equal(instances == 1, ReferenceEquals(first.Target, second.Target));
            Assert.Equal(instances == 1 ? 2 : 1, second.Target.InFlight);
            second.Dispose();
            Assert.Equal(1, targets.Sum(t => t.InFlight));
            Assert.Equal(instances == 1 ? 2 : 1, world.Claim().Target.InFlight);
        }
    }

    /// <summary>Knative fills the first pod that has a free slot. Here any free slot is as good; what counts is that none is overlooked and none taken twice.</summary>
    [Theory]
    [Trait("Source", "TestFirstAvailable, TestRoundRobin (cc=1, cc=2)")]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public async Task Claim_FewSlots_Differs_EachSlotIsFoundOnceInAnyOrder(int instances, int slots)
    {
        for (var round = 0; round < 50; round++)
        {
            using var world = new RoutingWorld(o => (o.MaxRequestsPerInstance, o.QueueLength) = (slots, 0));
            var targets = Enumerable.Range(0, instances).Select(_ => world.MakeTarget()).ToArray();
            world.Publish(RouteAvailability.Serving, [.. targets]);

            var leases = Enumerable.Range(0, instances * slots).Select(_ => world.Claim()).ToList();

            Assert.All(targets, t => Assert.Equal(slots, t.InFlight));
            Assert.Equal(AcquireRefusal.QueueFull, (await world.AskAsync()).Refusal);
            leases[^1].Dispose();
            Assert.Same(leases[^1].Target, world.Claim().Target);
        }
    }

    [Fact]
    [Trait("Source", "TestThrottlerErrorNoRevision")]
    public async Task Acquire_PluginIsTakenAway_IsUnknownFromThenOn()
    {
        using var world = new RoutingWorld();
        world.Publish(RouteAvailability.Serving, world.MakeTarget());
        world.Claim().Dispose();

        world.Table.Remove(RoutingWorld.Plugin);

        Assert.Equal(AcquireRefusal.UnknownPlugin, (await world.AskAsync()).Refusal);
    }

    [Fact]
    [Trait("Source", "TestThrottlerErrorOneTimesOut")]
    public async Task Acquire_TwoForOneSlot_OneWaitsItsTimeAndTheOtherIsServed()
    {
        using var world = new RoutingWorld(o => o.MaxRequestsPerInstance = 1);
        world.Publish(RouteAvailability.Serving, world.MakeTarget());
        using var served = world.Claim();

        var waits = world.AskAsync();
        world.Time.Advance(world.Options.QueueTimeout);

        Assert.Equal(AcquireRefusal.QueueTimeout, (await waits.WaitAsync(TestContext.Current.CancellationToken)).Refusal);
        Assert.Equal(1, served.Target.InFlight);
    }

    [Fact]
    [Trait("Source", "TestThrottlerSuccesses (spread podIP load, double updates)")]
    public void Publish_OtherInstances_AllLaterRequestsGoThere()
    {
        using var world = new RoutingWorld(o => o.MaxRequestsPerInstance = 1);
        var (old, one, two) = (world.MakeTarget(), world.MakeTarget(), world.MakeTarget());
        world.Publish(RouteAvailability.Serving, old);
        world.Publish(RouteAvailability.Serving, one, two);

        var got = new[] { world.Claim().Target, world.Claim().Target };

        Assert.Equal([one.Instance, two.Instance], got.Select(t => t.Instance).OrderBy(i => i.Value));
        Assert.Equal(0, old.InFlight);
    }
}
