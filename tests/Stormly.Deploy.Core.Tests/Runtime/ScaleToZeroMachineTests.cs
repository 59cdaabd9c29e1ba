using Stormly.Deploy.Health;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>The last instance goes when nobody asks, and comes back with the next request.</summary>
public class ScaleToZeroMachineTests
{
    [Fact]
    public void Idle_AfterWindowDelayAndGrace_TheLastOneGoes()
    {
        var world = new MachineWorld().DeployRange(1, min: 0, max: 3).Run(Seconds(10));
        world.Present = 2;
        world.Run(Seconds(60));
        world.Present = 0;

        world.Run(Seconds(60 + 30 + 26));
        Assert.Single(world.Ready);

        world.Run(Seconds(8));
        Assert.Empty(world.State.Instances);
        Assert.Equal(0, world.State.Goal!.Wanted);
        Assert.Equal(0, world.Stored[^1].Goal!.Wanted);
        Assert.Contains("of grace", world.Decisions.Last(d => d.StartsWith("change the wanted number", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(RouteAvailability.ColdStart, RoutePlan.Of(world.State, world.Now).Availability);
    }

    [Fact]
    public void Idle_ARequestAtTheEndOfTheGrace_KeepsTheLastOne()
    {
        var world = new MachineWorld().DeployRange(1, min: 0, max: 3).Run(Seconds(85));
        Assert.Single(world.Ready);

        world.Present = 1;
        world.Run(TimeSpan.FromMinutes(30));

        Assert.Single(world.Starts);
        Assert.Single(world.Ready);
    }

    [Fact]
    public void AtZero_ARequest_StartsOneAtOnceAndWaitsForIt()
    {
        var world = AtZero(new MachineWorld());
        var asleep = world.Starts.Count;

        world.Arrive(5);

        Assert.Equal(asleep + 1, world.Starts.Count);
        Assert.Equal(world.Now, world.Starts[^1]);
        Assert.Equal(RouteAvailability.ColdStart, RoutePlan.Of(world.State, world.Now).Availability);
        world.Run(Seconds(1));
        Assert.Single(world.Ready);
        Assert.Equal(RouteAvailability.Serving, RoutePlan.Of(world.State, world.Now).Availability);
    }

    [Fact]
    public void AtZero_ARequestWhileTheLastOneStillDrains_StartsAnother()
    {
        var world = new MachineWorld { StopTakes = Seconds(20) }.DeployRange(1, min: 0, max: 3).Run(Seconds(10));
        while (world.State.Goal!.Wanted > 0)
        {
            world.Run(Seconds(1));
        }

        Assert.Single(world.State.Instances, i => i.Leaving);
        world.Arrive(1).Run(Seconds(1));

        Assert.Single(world.Ready);
        Assert.Equal(2, world.Starts.Count);
    }

    [Fact]
    [Trait("Fault", "2")]
    public void AtZero_EveryStartFails_RequestsAreRefusedAndStartsWaitLongerAndLonger()
    {
        var world = AtZero(new MachineWorld());
        FailStarts(world, after: world.Starts.Count);
        var asleep = world.Starts.Count;

        world.Arrive(1).Run(Seconds(0.5));
        Assert.Equal(RouteAvailability.Unavailable, RoutePlan.Of(world.State, world.Now).Availability);

        // One request every second, for ten minutes, each refused at once.
        for (var second = 0; second < 600; second++)
        {
            world.Present = 0;
            world.Arrive(1);
            world.Present = 0;
            world.Run(Seconds(1));
        }

        Assert.InRange(world.Starts.Count - asleep, 5, 12);
    }

    [Fact]
    public void AtZero_AfterAFailureAndALongSilence_TheFailuresAreNotForgotten()
    {
        var world = AtZero(new MachineWorld(new BackOffOptions { First = TimeSpan.FromMinutes(4) }));
        FailStarts(world, after: world.Starts.Count);
        world.Arrive(1).Run(Seconds(1)); // Two starts: the second at once, the third four minutes later.
        var starts = world.Starts.Count;
        world.Present = 0;
        world.Run(TimeSpan.FromMinutes(3));
        Assert.Equal(0, world.State.Goal!.Wanted);

        world.Arrive(1).Run(Seconds(1));
        Assert.Equal(starts, world.Starts.Count);
        Assert.Equal(RouteAvailability.Unavailable, RoutePlan.Of(world.State, world.Now).Availability);
        Assert.True(RoutePlan.Of(world.State, world.Now).RetryAfter > Seconds(30));
    }

    [Fact]
    public void AtZero_ANewRevision_ProvesItselfWithOneInstance()
    {
        var world = AtZero(new MachineWorld()).DeployRange(2, min: 0, max: 3).Run(Seconds(1));

        Assert.Equal(MachineWorld.Revision(2), Assert.Single(world.Ready).Revision);
        Assert.Equal(MachineWorld.Revision(2), world.State.Stable!.Revision);
        world.Run(TimeSpan.FromMinutes(3));
        Assert.Empty(world.State.Instances);
    }

    [Fact]
    [Trait("Fault", "77")]
    public void AtZero_ANewRevisionFails_TheOldOneIsBackAtZeroAndAnswersTheNextRequest()
    {
        var world = AtZero(new MachineWorld());
        var good = world.Starts.Count;
        FailStarts(world, good);
        world.DeployRange(2, min: 0, max: 3, ticket: 7).Run(TimeSpan.FromMinutes(1));

        Assert.Contains(world.Refused, r => r.Tickets.Contains(7));
        Assert.Equal(MachineWorld.Revision(1), world.State.Goal!.Revision);
        Assert.Equal(0, world.State.Goal.Wanted);
        Assert.Equal(RouteAvailability.ColdStart, RoutePlan.Of(world.State, world.Now).Availability);

        FailStarts(world, int.MaxValue);
        world.Arrive(1).Run(Seconds(1));
        Assert.Equal(MachineWorld.Revision(1), Assert.Single(world.Ready).Revision);
    }

    [Fact]
    public void AtZero_SameRevisionAgain_StaysAtZero()
    {
        var world = AtZero(new MachineWorld());
        var starts = world.Starts.Count;

        world.DeployRange(1, min: 0, max: 3).Run(Seconds(10));

        Assert.Equal(starts, world.Starts.Count);
        Assert.Equal(0, world.State.Goal!.Wanted);
    }

    private static MachineWorld AtZero(MachineWorld world)
    {
        world.DeployRange(1, min: 0, max: 3).Run(TimeSpan.FromMinutes(3));
        Assert.Empty(world.State.Instances);
        return world;
    }

    private static void FailStarts(MachineWorld world, int after)
    {
        world.Status = (number, _) => number > after ? 0 : 200;
        world.Exit = number => number > after ? (Seconds(0.1), 3) : null;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
