using CsCheck;

namespace Stormly.Deploy.Routing;

/// <summary>Many requests against a table that changes all the time, on real threads.</summary>
public sealed class RoutingConcurrencyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Fault", "76")]
    public async Task Acquire_UnderConstantExchange_LosesNoRequestAndNoLeaseAndDrainsEveryTarget()
    {
        using var world = new RoutingWorld(o => (o.MaxRequestsPerInstance, o.QueueLength) = (3, 1000));
        var live = Enumerable.Range(0, 3).Select(_ => world.MakeTarget()).ToArray();
        var all = new List<RouteTarget>(live);
        world.Publish(RouteAvailability.Serving, [.. live]);
        var granted = 0;
        var clients = Enumerable.Range(0, 16).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var lease = (await world.AskAsCallerAsync(Token)).Lease;
                Assert.NotNull(lease);
                Assert.InRange(lease.Target.InFlight, 1, 3);
                Interlocked.Increment(ref granted);
                if (i % 3 == 0)
                {
                    await Task.Yield();
                }
            }
        }, Token)).ToArray();
        var exchange = Task.Run(async () =>
        {
            for (var i = 0; !clients.All(c => c.IsCompleted); i++)
            {
                var old = live[i % 3];
                live[i % 3] = world.MakeTarget();
                all.Add(live[i % 3]);
                world.Publish(RouteAvailability.Serving, [.. live]);
                old.Close();
                await old.Drained;
                Assert.Equal(0, old.InFlight);
                Assert.False(old.TryClaim(3));
            }
        }, Token);
        await Task.WhenAll([.. clients, exchange]).WaitAsync(Token);
        Assert.Equal(16 * 500, granted);
        foreach (var target in all)
        {
            Assert.Equal(0, target.InFlight);
        }
    }

    [Fact]
    [Trait("Fault", "71")]
    public async Task Acquire_CallersGiveUpAtAnyMoment_NoSlotIsLeaked()
    {
        using var world = new RoutingWorld(o => (o.MaxRequestsPerInstance, o.QueueLength) = (1, 1000));
        var target = world.MakeTarget();
        world.Publish(RouteAvailability.Serving, target);
        var clients = Enumerable.Range(0, 16).Select(n => Task.Run(async () =>
        {
            var random = new Random(n);
            for (var i = 0; i < 300; i++)
            {
                using var caller = new CancellationTokenSource();
                var asked = world.AskAsCallerAsync(caller.Token);
                if (random.Next(2) == 0)
                {
                    await caller.CancelAsync();
                }

                using var lease = (await asked).Lease;
            }
        }, Token));
        await Task.WhenAll(clients).WaitAsync(Token);
        Assert.Equal(0, target.InFlight);
        world.Claim().Dispose();
    }

    [Fact]
    public void Target_AnyHistoryOfClaimsReleasesAndClose_CountsRight() => Gen.Int[0, 2].Array[0, 60].Sample(steps =>
    {
        using var world = new RoutingWorld();
        var target = world.MakeTarget();
        var (held, closed) = (0, false);
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0:
                    Assert.Equal(!closed && held < 4, target.TryClaim(4));
                    held += !closed && held < 4 ? 1 : 0;
                    break;
                case 1 when held > 0:
                    target.Release();
                    held--;
                    break;
                case 2:
                    target.Close();
                    closed = true;
                    break;
            }

            Assert.Equal((held, closed, closed && held == 0), (target.InFlight, target.IsClosed, target.Drained.IsCompleted));
        }
    });

    [Fact]
    [Trait("Fault", "22")]
    public void Target_Outcomes_AreCountedAndToldOnceUntilRead()
    {
        using var world = new RoutingWorld();
        var target = world.MakeTarget();
        Assert.False(target.NoteOutcome(true));
        Assert.True(target.NoteOutcome(false));
        Assert.False(target.NoteOutcome(false));
        Assert.Equal(new Health.OutlierReading(1, 2, 2), target.ReadTraffic());
        Assert.True(target.NoteOutcome(false));
        Assert.False(target.NoteOutcome(true));
        Assert.Equal(new Health.OutlierReading(2, 3, 0), target.ReadTraffic());
    }
}
