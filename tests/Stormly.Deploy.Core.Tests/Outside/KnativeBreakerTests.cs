using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Outside;

/// <summary>Knative's breaker: so many requests at once, so many more that wait, all others turned away. knative/serving, pkg/queue/breaker_test.go.</summary>
public class KnativeBreakerTests
{
    /// <summary>Requests come one after the other while nobody finishes: a row of granted, waiting and refused.</summary>
    [Theory]
    [Trait("Fault", "73")]
    [InlineData(1, 1, 3, "+w-")] // Overload
    [InlineData(1, 1, 2, "+w")]
    [InlineData(1, 0, 2, "+-")] // a queue of none refuses what is not served at once
    [InlineData(2, 3, 7, "++www--")]
    [InlineData(5, 45, 60, "+++++wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww----------")] // LargeCapacity, its first half
    public void Acquire_NobodyFinishes_FillsTheInstanceThenTheQueueThenRefuses(int running, int waiting, int requests, string expected)
    {
        using var world = World(running, waiting);

        var asked = Enumerable.Range(0, requests).Select(_ => world.AskAsync()).ToList();

        Assert.Equal(expected, Render(asked));
    }

    [Fact]
    [Trait("Source", "TestBreakerNoOverload")]
    public async Task Acquire_OneFinishesBeforeTheNextComes_NobodyIsRefused()
    {
        using var world = World(1, 1);
        var asked = new List<Task<AcquireResult>> { world.AskAsync(), world.AskAsync() };
        for (var done = 0; done < 2; done++)
        {
            (await asked[done].WaitAsync(TestContext.Current.CancellationToken)).Lease!.Dispose();
            asked.Add(world.AskAsync());
        }

        await asked[2].WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("+++w", Render(asked));
    }

    [Fact]
    [Trait("Source", "TestBreakerRecover")]
    public async Task Acquire_AfterAnOverload_IsGrantedAgainAsSoonAsPlacesAreFree()
    {
        using var world = World(1, 1);
        var asked = Enumerable.Range(0, 4).Select(_ => world.AskAsync()).ToList();
        Assert.Equal("+w--", Render(asked));
        (await asked[0]).Lease!.Dispose();
        (await asked[1]).Lease!.Dispose();

        var more = Enumerable.Range(0, 2).Select(_ => world.AskAsync()).ToList();

        Assert.Equal("+w", Render(more));
    }

    [Fact]
    [Trait("Source", "TestBreakerLargeCapacityRecover")]
    public async Task Acquire_FiftyPlacesAndOneInForEachOut_ServesFiftyMore()
    {
        using var world = World(5, 45);
        var asked = Enumerable.Range(0, 100).Select(_ => world.AskAsync()).ToList();
        for (var done = 0; done < 50; done++)
        {
            (await asked[done].WaitAsync(TestContext.Current.CancellationToken)).Lease!.Dispose();
            asked.Add(world.AskAsync());
        }

        Assert.Equal(100, asked.Count(a => !a.IsCompleted || a.Result.Lease is not null));
        Assert.All(asked[50..100], a => Assert.Equal(AcquireRefusal.QueueFull, a.Result.Refusal));
        Assert.DoesNotContain(asked[100..], a => a.IsCompleted && a.Result.Lease is null);
    }

    [Fact]
    [Trait("Source", "TestBreakerCancel (queue and running both full, the context ends)")]
    [Trait("Fault", "71")]
    public async Task Acquire_CallersGiveUpWhileQueued_LeaveTheirPlacesToOthers()
    {
        using var world = World(1, 2);
        using var caller = new CancellationTokenSource();
        var held = await world.AskAsync();
        var (gone, stays) = (world.AskAsCallerAsync(caller.Token), world.AskAsync());
        Assert.Equal(AcquireRefusal.QueueFull, (await world.AskAsync()).Refusal);

        await caller.CancelAsync();
        var comes = world.AskAsync();

        Assert.Equal(AcquireRefusal.Cancelled, (await gone).Refusal);
        Assert.Equal("ww", Render([stays, comes]));
        held.Lease!.Dispose();
        Assert.NotNull((await stays.WaitAsync(TestContext.Current.CancellationToken)).Lease);
        Assert.False(comes.IsCompleted);
    }

    [Fact]
    [Trait("Source", "TestBreakerUpdateConcurrency")]
    public async Task Publish_MoreInstances_LetsThoseInWhoWait_AndFewerCutNobodyOff()
    {
        using var world = World(1, 10);
        var (first, second) = (world.MakeTarget(), world.MakeTarget());
        world.Publish(RouteAvailability.Serving, first);
        var asked = Enumerable.Range(0, 3).Select(_ => world.AskAsync()).ToList();
        Assert.Equal("+ww", Render(asked));

        world.Publish(RouteAvailability.Serving, first, second);
        await asked[1].WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("++w", Render(asked));

        second.Close();
        world.Publish(RouteAvailability.Serving, first);
        Assert.Equal(1, second.InFlight);
        (await asked[1]).Lease!.Dispose();
        Assert.Equal("++w", Render(asked));
        Assert.True(second.Drained.IsCompleted);
        (await asked[0]).Lease!.Dispose();
        Assert.NotNull((await asked[2].WaitAsync(TestContext.Current.CancellationToken)).Lease);
    }

    /// <summary>Knative's Reserve takes a place only where one is free, beside those who wait. Here that is a request which must go to another instance.</summary>
    [Fact]
    [Trait("Source", "TestBreakerReserve, TestBreakerOverloadMixed")]
    public async Task Acquire_MixedWithOnesThatTriedAnInstance_Differs_TheyTakeAFreePlaceAtOnceAndElseWaitShortly()
    {
        using var world = World(1, 10);
        var (first, second) = (world.MakeTarget(), world.MakeTarget());
        world.Publish(RouteAvailability.Serving, first, second);
        Assert.True(first.TryClaim(1));

        var again = await world.AskAgainAsync(first);
        var waits = world.AskAgainAsync(first);

        Assert.Same(second, again.Lease!.Target);
        Assert.False(waits.IsCompleted);
        world.Time.Advance(world.Options.ConnectRetryWait);
        Assert.Equal(AcquireRefusal.NoOther, (await waits.WaitAsync(TestContext.Current.CancellationToken)).Refusal);
    }

    private static RoutingWorld World(int running, int waiting)
    {
        var world = new RoutingWorld(o => (o.MaxRequestsPerInstance, o.QueueLength) = (running, waiting));
        world.Publish(RouteAvailability.Serving, world.MakeTarget());
        return world;
    }

    /// <summary>+ granted, w waiting, - refused.</summary>
    private static string Render(IEnumerable<Task<AcquireResult>> asked)
        => string.Concat(asked.Select(a => !a.IsCompleted ? 'w' : a.Result.Lease is null ? '-' : '+'));
}
