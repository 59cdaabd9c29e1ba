namespace Stormly.Deploy.Routing;

public sealed class RouterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_FreeInstance_IsGrantedAtOnceAndReleasedOnce()
    {
        using var world = new RoutingWorld();
        var target = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, target);
        var lease = world.Claim();
        Assert.Equal(1, target.InFlight);
        lease.Dispose();
        lease.Dispose();
        Assert.Equal(0, target.InFlight);
        target.Close();
        await target.Drained.WaitAsync(Token);
    }

    [Fact]
    public async Task Acquire_NoRoute_IsUnknown()
    {
        using var world = new RoutingWorld();
        Assert.Equal(AcquireRefusal.UnknownPlugin, (await world.AskAsync()).Refusal);
    }

    [Fact]
    public void Acquire_TwoInstances_TheLessBusyGetsMost()
    {
        using var world = new RoutingWorld();
        var (busy, idle) = (world.MakeTarget(), world.MakeTarget());
        world.Publish(RouteAvailability.Serving, busy, idle);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(busy.TryClaim(64));
        }

        var leases = Enumerable.Range(0, 10).Select(_ => world.Claim()).ToList();
        Assert.Equal((10, 10), (busy.InFlight, idle.InFlight));
        leases.ForEach(l => l.Dispose());
    }

    [Fact]
    public void Acquire_ManyRequests_AreSpreadEvenly()
    {
        using var world = new RoutingWorld();
        var targets = Enumerable.Range(0, 5).Select(_ => world.MakeTarget()).ToArray();
        world.Publish(RouteAvailability.Serving, [.. targets]);
        for (var i = 0; i < 100; i++)
        {
            world.Claim();
        }

        Assert.All(targets, t => Assert.InRange(t.InFlight, 17, 23));
    }

    [Fact]
    [Trait("Fault", "73")]
    public async Task Acquire_EveryInstanceFull_WaitsInOrder()
    {
        using var world = new RoutingWorld(o => o.MaxRequestsPerInstance = 1);
        var target = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, target);
        var first = world.Claim();
        var (second, third) = (world.AskAsync(), world.AskAsync());
        Assert.False(second.IsCompleted || third.IsCompleted);
        first.Dispose();
        var lease = (await second.WaitAsync(Token)).Lease!;
        Assert.False(third.IsCompleted);
        Assert.Equal(1, target.InFlight);
        lease.Dispose();
        Assert.NotNull((await third.WaitAsync(Token)).Lease);
    }

    [Fact]
    [Trait("Fault", "73")]
    public async Task Acquire_QueueFull_IsRefusedWithTheTimeThatTheQueueNeeds()
    {
        using var world = new RoutingWorld(o => (o.MaxRequestsPerInstance, o.QueueLength) = (2, 3));
        world.Publish(RouteAvailability.Serving, world.MakeTarget());
        var held = world.Claim();
        held.NoteServiceTime(TimeSpan.FromSeconds(5));
        world.Claim();
        var waiting = Enumerable.Range(0, 3).Select(_ => world.AskAsync()).ToList();
        var refused = await world.AskAsync();
        Assert.Equal(AcquireRefusal.QueueFull, refused.Refusal);
        Assert.Equal(TimeSpan.FromSeconds(10), refused.RetryAfter); // 4 to serve, 2 at a time, 5 s each
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
    }

    [Fact]
    public async Task Acquire_WaitedItsTime_IsRefusedAndLeavesTheQueue()
    {
        using var world = new RoutingWorld(o => o.MaxRequestsPerInstance = 1);
        var target = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, target);
        var held = world.Claim();
        var waiting = world.AskAsync();
        world.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(waiting.IsCompleted);
        world.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(AcquireRefusal.QueueTimeout, (await waiting.WaitAsync(Token)).Refusal);
        Assert.True((await waiting).RetryAfter >= TimeSpan.FromSeconds(1));
        held.Dispose();
        Assert.Equal(0, target.InFlight);
    }

    [Fact]
    [Trait("Fault", "71")]
    public async Task Acquire_CallerGivesUpWhileWaiting_LeavesTheQueueAndTakesNothing()
    {
        using var world = new RoutingWorld(o => o.MaxRequestsPerInstance = 1);
        var target = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, target);
        var held = world.Claim();
        using var caller = new CancellationTokenSource();
        var (gone, next) = (world.AskAsCallerAsync(caller.Token), world.AskAsync());
        await caller.CancelAsync();
        Assert.Equal(AcquireRefusal.Cancelled, (await gone.WaitAsync(Token)).Refusal);
        held.Dispose();
        Assert.NotNull((await next.WaitAsync(Token)).Lease);
        Assert.Equal(1, target.InFlight);
    }

    [Fact]
    [Trait("Fault", "21")]
    public async Task Acquire_NothingServes_IsRefusedAtOnceWithReasonAndTime()
    {
        using var world = new RoutingWorld();
        world.Publish(RouteAvailability.Unavailable);
        var asked = world.AskAsync();
        Assert.True(asked.IsCompletedSuccessfully);
        Assert.Equal((AcquireRefusal.Unavailable, "It is broken.", TimeSpan.FromSeconds(7)), ((await asked).Refusal, (await asked).Reason, (await asked).RetryAfter));
    }

    [Fact]
    [Trait("Fault", "21")]
    public async Task Acquire_AllBecomeBadWhileWaiting_AllWhoWaitAreToldAtOnce()
    {
        using var world = new RoutingWorld(o => o.MaxRequestsPerInstance = 1);
        world.Publish(RouteAvailability.Serving, world.MakeTarget());
        using var held = world.Claim();
        var waiting = Enumerable.Range(0, 5).Select(_ => world.AskAsync()).ToList();
        world.Publish(RouteAvailability.Unavailable);
        foreach (var answer in await Task.WhenAll(waiting).WaitAsync(Token))
        {
            Assert.Equal(AcquireRefusal.Unavailable, answer.Refusal);
        }
    }

    [Fact]
    public async Task Acquire_PluginRemovedWhileWaiting_IsUnknown()
    {
        using var world = new RoutingWorld(o => o.MaxRequestsPerInstance = 1);
        world.Publish(RouteAvailability.Serving, world.MakeTarget());
        using var held = world.Claim();
        var waiting = world.AskAsync();
        world.Table.Remove(RoutingWorld.Plugin);
        Assert.Equal(AcquireRefusal.UnknownPlugin, (await waiting.WaitAsync(Token)).Refusal);
    }

    [Fact]
    [Trait("Fault", "7")]
    public async Task Acquire_ColdStart_TellsOfDemandAndWaitsForTheFirstInstance()
    {
        using var world = new RoutingWorld();
        world.Publish(RouteAvailability.ColdStart);
        var waiting = world.AskAsync();
        Assert.Equal(RouteSignalKind.Demand, Assert.Single(world.ReadSignals()).Kind);
        world.Time.Advance(TimeSpan.FromMinutes(4.9));
        Assert.False(waiting.IsCompleted);
        var target = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, target);
        Assert.Same(target, (await waiting.WaitAsync(Token)).Lease!.Target);
    }

    [Fact]
    [Trait("Fault", "7")]
    public async Task Acquire_ColdStartTakesTooLong_IsUnavailable()
    {
        using var world = new RoutingWorld();
        world.Publish(RouteAvailability.ColdStart);
        var waiting = world.AskAsync();
        world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(AcquireRefusal.Unavailable, (await waiting.WaitAsync(Token)).Refusal);
    }

    [Fact]
    public async Task Acquire_ServingTurnsIntoColdStartWhileWaiting_WaitsOn()
    {
        using var world = new RoutingWorld(o => o.MaxRequestsPerInstance = 1);
        world.Publish(RouteAvailability.Serving, world.MakeTarget());
        using var held = world.Claim();
        var waiting = world.AskAsync();
        world.Publish(RouteAvailability.ColdStart);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(waiting.IsCompleted);
        world.Publish(RouteAvailability.Serving, world.MakeTarget());
        Assert.NotNull((await waiting.WaitAsync(Token)).Lease);
    }

    [Fact]
    public void Acquire_ClosedInstance_IsNeverGiven()
    {
        using var world = new RoutingWorld();
        var (closed, open) = (world.MakeTarget(), world.MakeTarget());
        world.Publish(RouteAvailability.Serving, closed, open);
        closed.Close();
        for (var i = 0; i < 50; i++)
        {
            Assert.Same(open, world.Claim().Target);
        }
    }

    [Fact]
    public async Task Acquire_OnlyTriedInstancesAreLeft_WaitsShortlyThenSaysSo()
    {
        using var world = new RoutingWorld();
        var tried = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, tried);
        var waiting = world.AskAgainAsync(tried);
        Assert.False(waiting.IsCompleted);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AcquireRefusal.NoOther, (await waiting.WaitAsync(Token)).Refusal);
        Assert.Equal(0, tried.InFlight);
    }

    [Fact]
    [Trait("Fault", "15")]
    public async Task Acquire_TriedInstanceIsTakenOut_WaitsForItsSubstitute()
    {
        using var world = new RoutingWorld();
        var tried = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, tried);
        var waiting = world.AskAgainAsync(tried);
        tried.Close();
        world.Publish(RouteAvailability.Serving);
        world.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(waiting.IsCompleted);
        var substitute = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, substitute);
        Assert.Same(substitute, (await waiting.WaitAsync(Token)).Lease!.Target);
    }

    [Fact]
    public async Task Acquire_OneWhoTriedStandsFirst_DoesNotBlockThoseBehind()
    {
        using var world = new RoutingWorld();
        var target = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, target);
        var stuck = world.AskAgainAsync(target);
        var next = world.AskAsync();
        Assert.Same(target, (await next.WaitAsync(Token)).Lease!.Target);
        Assert.False(stuck.IsCompleted);
    }
}
