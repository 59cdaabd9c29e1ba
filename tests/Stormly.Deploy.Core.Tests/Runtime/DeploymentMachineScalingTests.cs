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

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
