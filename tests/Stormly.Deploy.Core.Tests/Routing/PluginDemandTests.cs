using Microsoft.Extensions.Time.Testing;

namespace Stormly.Deploy.Routing;

public class PluginDemandTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PluginDemand _demand;

    public PluginDemandTests() => _demand = new PluginDemand(_time);

    [Fact]
    public void MeanSince_RequestsComeAndGo_IsWeightedByTime()
    {
        var before = _demand.Read();
        _demand.Enter(); // 0 to 4 s.
        Pass(1);
        _demand.Enter(); // 1 to 2 s.
        Pass(1);
        _demand.Leave();
        Pass(2);
        _demand.Leave();
        Pass(6);

        var after = _demand.Read();

        Assert.Equal((4 + 1) / 10.0, after.MeanSince(before));
        Assert.Equal(0, after.Present);
        Assert.Equal(0.2, after.RateSince(before));
    }

    [Fact]
    public void MeanSince_ARequestThatStaysThroughout_CountsWhole()
    {
        _demand.Enter();
        Pass(100);
        var before = _demand.Read();
        Pass(2);

        Assert.Equal(1, _demand.Read().MeanSince(before));
        Assert.Equal(1, _demand.Read().Present);
    }

    [Fact]
    public void MeanSince_TheSumHasRunOver_IsStillExact()
    {
        for (var i = 0; i < 1000; i++)
        {
            _demand.Enter();
        }

        // A thousand requests for a day: 2^44 microseconds are over after five hours of that.
        Pass(86_400);
        var before = _demand.Read();
        Pass(2);

        Assert.Equal(1000, _demand.Read().MeanSince(before));
    }

    [Fact]
    public void MeanSince_NoTimePassed_IsWhatIsThere()
    {
        _demand.Enter();

        Assert.Equal(1, _demand.Read().MeanSince(_demand.Read()));
    }

    [Fact]
    public async Task Enter_FromManyThreads_NothingIsLost()
    {
        var demand = new PluginDemand(TimeProvider.System);
        var before = demand.Read();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                demand.Enter();
                Assert.InRange(demand.Read().Present, 1, 4);
                demand.Leave();
            }
        })));

        var after = demand.Read();
        Assert.Equal(0, after.Present);
        Assert.Equal(200_000, after.Arrivals);
        Assert.InRange(after.MeanSince(before), 0, 4);
        Assert.Equal(0, demand.Read().MeanSince(after));
    }

    [Fact]
    public void EnterAndLeave_AllocateNothing()
    {
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                _demand.Enter();
                _demand.Leave();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public async Task Requests_RunningWaitingAndTurnedAway_AreCountedWhileTheyAreThere()
    {
        using var world = new RoutingWorld(o => (o.MaxRequestsPerInstance, o.QueueLength) = (1, 1));
        var demand = world.Table.DemandOf(RoutingWorld.Plugin, world.Time);
        world.Publish(RouteAvailability.Serving, world.MakeTarget());

        var running = world.Claim();
        Assert.Equal(1, demand.Read().Present);
        using var caller = new CancellationTokenSource();
        var (waiting, givingUp) = (world.AskAsync(), world.AskAsCallerAsync(caller.Token));
        Assert.Equal(AcquireRefusal.QueueFull, (await givingUp).Refusal);
        Assert.Equal(2, demand.Read().Present);

        running.Dispose();
        running.Dispose();
        using (var next = (await waiting).Lease!)
        {
            Assert.Equal(1, demand.Read().Present);
            var leaves = world.AskAsCallerAsync(caller.Token);
            Assert.Equal(2, demand.Read().Present);
            await caller.CancelAsync();
            Assert.Equal(AcquireRefusal.Cancelled, (await leaves).Refusal);
            Assert.Equal(1, demand.Read().Present);
        }

        Assert.Equal(0, demand.Read().Present);
    }

    [Fact]
    public async Task Requests_OfAPluginThatIsBroken_AreNoDemand()
    {
        using var world = new RoutingWorld();
        world.Publish(RouteAvailability.Unavailable);

        Assert.Equal(AcquireRefusal.Unavailable, (await world.AskAsync()).Refusal);

        Assert.Equal(0, world.Table.DemandOf(RoutingWorld.Plugin, world.Time).Read().Arrivals);
    }

    [Fact]
    public async Task Requests_OfAPluginWithItsOwnLimit_WaitBeyondIt()
    {
        using var world = new RoutingWorld();
        var target = world.MakeTarget();
        world.Table.Publish(new PluginRoute { Plugin = RoutingWorld.Plugin, Targets = [target], Availability = RouteAvailability.Serving, MaxRequestsPerInstance = 1 });

        using var first = world.Claim();
        var second = world.AskAsync();

        Assert.False(second.IsCompleted);
        Assert.Equal(1, target.InFlight);
        first.Dispose();
        using var next = (await second).Lease;
        Assert.NotNull(next);
    }

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
