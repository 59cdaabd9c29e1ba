using Stormly.Deploy.Health;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>The wanted number follows the load: in played timelines of the whole control logic.</summary>
public class DeploymentMachineScalingTests
{
    [Fact]
    public void Load_RisesAndFalls_TheNumberFollowsWithinItsRange()
    {
        var world = new MachineWorld().DeployRange(1, min: 1, max: 6).Run(Seconds(10));
        Assert.Single(world.Ready);

        world.Present = 16;
        world.Run(Seconds(20));
        Assert.Equal(4, world.Ready.Count());

        world.Present = 400;
        world.Run(Seconds(20));
        Assert.Equal(6, world.Ready.Count());

        world.Present = 1;
        world.Run(TimeSpan.FromMinutes(5));
        Assert.Single(world.Ready);
        Assert.Equal(1, world.State.Goal!.Wanted);
        Assert.Equal(6, world.MostAlive);
    }

    [Fact]
    public void Load_Changes_EveryStepHasARecordWithItsBasis()
    {
        var world = new MachineWorld().DeployRange(1, min: 1, max: 6).Run(Seconds(10));

        world.Present = 16;
        world.Run(Seconds(4));

        var records = world.Effects.Select(e => e.Effect).OfType<DeploymentEffect.Record>().Where(r => r.Kind == DecisionKind.Scale).ToList();
        Assert.NotEmpty(records);
        Assert.All(records, r => Assert.Contains("4 for each instance", r.Why, StringComparison.Ordinal));
        Assert.All(records, r => Assert.Contains(r.Basis!.Inputs, i => i.Name == "panic"));
        Assert.Equal("2", records[0].Basis!.Chosen);
        Assert.Equal("1", records[0].Basis!.Rejected);
    }

    [Fact]
    public void FixedNumber_UnderAnyLoad_IsNeverTouched()
    {
        var world = new MachineWorld().Deploy(1, wanted: 2).Run(Seconds(10));

        world.Arrive(500).Run(TimeSpan.FromMinutes(5));

        Assert.Equal(2, world.Ready.Count());
        Assert.Empty(world.Steps);
        Assert.Null(world.State.Scale);
    }

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

    [Fact]
    public void Rollout_TrafficEndsMeanwhile_TheNumberDoesNotFallBeforeItIsOver()
    {
        var world = new MachineWorld(rollout: new() { MinReadyTime = TimeSpan.FromMinutes(4) }).DeployRange(1, min: 0, max: 4).Run(TimeSpan.FromMinutes(5));
        world.Present = 16;
        world.Run(TimeSpan.FromMinutes(9));
        Assert.Equal(4, world.State.Goal!.Wanted);

        world.DeployRange(2, min: 0, max: 4);
        world.Present = 0;
        world.Run(TimeSpan.FromMinutes(3));
        Assert.Equal(MachineWorld.Revision(2), world.State.Goal!.Revision);
        Assert.Equal(4, world.State.Goal.Wanted);

        world.Run(TimeSpan.FromMinutes(60));
        Assert.Equal(0, world.State.Goal.Wanted);
        Assert.Equal(MachineWorld.Revision(2), world.State.Stable!.Revision);
    }

    [Fact]
    public void Scale_FromOneNumberToARange_HoldsForTheFirstWindowAndThenFollowsTheLoad()
    {
        var world = new MachineWorld().Deploy(1, wanted: 4).Run(Seconds(10));

        world.Tell(new DeploymentEvent.ScaleWanted(4, int.MaxValue, "", [2], new ScaleRange(1, 6))).Run(Seconds(58));
        Assert.Equal(4, world.Ready.Count());

        world.Run(TimeSpan.FromMinutes(3));
        Assert.Single(world.Ready);
    }

    [Fact]
    [Trait("Fault", "78")]
    public void Scale_RangesUpDownAndAFixedNumberInTheSameMoment_TheLastOneCounts()
    {
        var world = new MachineWorld().DeployRange(1, min: 0, max: 3).Run(Seconds(10));
        world.Tell(new DeploymentEvent.ScaleWanted(1, int.MaxValue, "", [2], new ScaleRange(5, 9)))
            .Tell(new DeploymentEvent.ScaleWanted(1, int.MaxValue, "", [3], new ScaleRange(0, 1)))
            .Tell(new DeploymentEvent.ScaleWanted(2, int.MaxValue, "", [4]))
            .Run(TimeSpan.FromMinutes(5));

        Assert.Equal(2, world.Ready.Count());
        Assert.Null(world.State.Scale);
        Assert.Null(world.Stored[^1].Goal!.Range);

        world.Tell(new DeploymentEvent.ScaleWanted(1, int.MaxValue, "", [5], new ScaleRange(0, 9))).Tell(new DeploymentEvent.StopWanted()).Arrive(50).Run(Seconds(30));
        Assert.Empty(world.State.Instances);
        Assert.Equal(DeploymentMode.Over, world.State.Mode);
    }

    [Theory]
    [Trait("Fault", "79")]
    [InlineData(7, 9, 1)]
    [InlineData(7, 9, 7)]
    [InlineData(4, 12, 13)]
    [InlineData(0, 16, 5)]
    [InlineData(0, 40, 3)]
    public void Load_FluttersAroundTheThreshold_AtMostTwoStepsAMinute(int low, int high, int period)
    {
        var world = new MachineWorld().DeployRange(1, min: 0, max: 20).Run(Seconds(10));
        for (var second = 0; second < 1800; second++)
        {
            world.Present = second / period % 2 == 0 ? low : high;
            world.Run(Seconds(1));
        }

        // The first two minutes find the number; after that it may breathe.
        var settled = world.Steps.Where(s => s.Second > 130).ToList();
        Assert.All(Enumerable.Range(2, 28), minute => Assert.InRange(settled.Count(s => s.Second >= minute * 60 && s.Second < (minute + 1) * 60), 0, 2));
    }

    [Fact]
    public void Machine_SharedOut_NothingLeavesBeforeItIsDecidedAndThenAsDecided()
    {
        var world = new MachineWorld().DeployRange(1, min: 0, max: 3).Run(Seconds(10));
        world.ShareMachine();
        world.Present = 4;
        world.Run(Seconds(10));
        Assert.Single(world.Ready);

        world.Tell(new DeploymentEvent.Allowed(new(0, "others wait"))).Run(Seconds(1));
        Assert.Empty(world.State.Instances);
        Assert.Equal(RouteAvailability.ColdStart, RoutePlan.Of(world.State, world.Now).Availability);

        world.Tell(new DeploymentEvent.Allowed(new(1, "its part"))).Run(Seconds(1));
        Assert.Single(world.Ready);
        Assert.Equal(2, world.Starts.Count);
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
