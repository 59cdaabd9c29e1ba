using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>What becomes of a deployment while its part of a shared machine is not decided, too small, or changes. Found by the simulation.</summary>
public class MachineShareTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [Trait("Fault", "80")]
    [InlineData(1, 1)] // The part that it asked for before.
    [InlineData(2, 2)] // It asked for more, and gets it once others have come down.
    public void Deploy_MoreOfTheMachineMayStillCome_NothingThatServesGoes(int asked, int coming)
    {
        var world = Serving(new MachineWorld());
        world.Tell(new DeploymentEvent.Allowed(new(1, "its part", asked, coming)));
        world.WatchReady();

        world.Deploy(2, ticket: 2).Run(Second * 60);
        Assert.Equal("churn-00000001", Assert.Single(world.Ready).Id.Value);

        world.Tell(new DeploymentEvent.Allowed(new(2, "its part", 2, 2))).Run(Second * 10);
        Assert.Equal(MachineWorld.Revision(2), Assert.Single(world.Ready).Revision);
        Assert.Equal((1, 2), (world.LeastReady, world.MostAlive));
    }

    [Fact]
    [Trait("Fault", "80")]
    public void Deploy_NoMoreOfTheMachineComes_TheOldOneGoesFirstAndTheReasonSaysSo()
    {
        var world = Serving(new MachineWorld());
        world.Deploy(2, ticket: 2).Tell(new DeploymentEvent.Allowed(new(1, "others have the rest", 2, 1))).Run(Second * 10);

        Assert.Equal(MachineWorld.Revision(2), Assert.Single(world.Ready).Revision);
        Assert.Equal(1, world.MostAlive);
        Assert.Contains(world.Decisions, d => d.Contains("it goes before: others have the rest", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "80")]
    public void Adopted_ThePartIsNotDecidedYet_IsNotSentAwayForANewRevision()
    {
        var world = new MachineWorld();
        world.ShareMachine();
        world.Tell(new DeploymentEvent.Adopted(new("churn-old"), MachineWorld.Revision(1), "127.0.0.1:20000", DateTimeOffset.UnixEpoch, ServedBefore: true));
        world.Tell(new DeploymentEvent.Restored(MachineWorld.Goal(1, 1), Serve: false)).Deploy(2);

        Assert.Equal("churn-old", Assert.Single(world.State.Instances, i => !i.Leaving).Id.Value);
    }

    [Fact]
    [Trait("Fault", "80")]
    public void Paused_AHeldRevisionIsReplaced_OnlyWhenItsPartHasRoom()
    {
        var world = Serving(new MachineWorld { StopTakes = Second * 5 });
        world.Tell(new DeploymentEvent.PauseWanted([])).Deploy(2, ticket: 2);

        world.Kill(world.Ready.Single().Id).Run(Second * 4);
        Assert.Single(world.Starts);

        world.Run(Second * 4);
        Assert.Equal(2, world.Starts.Count);
        Assert.Equal(MachineWorld.Revision(1), Assert.Single(world.Ready).Revision);
    }

    [Fact]
    [Trait("Fault", "80")]
    public void Paused_ItsPartFallsAndRises_SoDoesWhatIsHeld()
    {
        var world = new MachineWorld().Deploy(1, wanted: 1).Run(Second * 10);
        world.Tell(new DeploymentEvent.ScaleWanted(3, int.MaxValue, "", [2], new ScaleRange(0, 3))).Run(Second);
        world.Tell(new DeploymentEvent.ScaleWanted(3, int.MaxValue, "", [3])).Run(Second * 5);
        world.Tell(new DeploymentEvent.Allowed(new(5, "its part"))).Tell(new DeploymentEvent.PauseWanted([]));
        world.Tell(new DeploymentEvent.ScaleWanted(3, int.MaxValue, "", [4], new ScaleRange(0, 3)));

        world.Tell(new DeploymentEvent.Allowed(new(1, "others wait"))).Run(Second);
        Assert.Single(world.Ready);

        world.Present = 12;
        world.Tell(new DeploymentEvent.Allowed(new(5, "its part"))).Run(Second * 5);
        Assert.Equal(3, world.Ready.Count());
    }

    [Fact]
    [Trait("Fault", "21")]
    public void PartComesAndGoes_StartsFailAllTheTime_TheBackOffIsNotForgotten()
    {
        var world = new MachineWorld { Exit = n => n > 1 ? (TimeSpan.FromMilliseconds(100), 1) : null, Status = (n, _) => n > 1 ? 0 : 200 };
        world.ShareMachine();
        world.DeployRange(1, min: 0, max: 1).Tell(new DeploymentEvent.Allowed(new(1, "its part"))).Run(Second * 5);
        world.Present = 1;
        world.Kill(world.Ready.Single().Id);
        for (var round = 0; round < 20; round++)
        {
            world.Run(TimeSpan.FromMilliseconds(50)).Tell(new DeploymentEvent.Allowed(new(0, "others wait"))).Run(TimeSpan.FromMilliseconds(200));
            world.Tell(new DeploymentEvent.Allowed(new(1, "its part"))).Run(TimeSpan.FromMilliseconds(300));
        }

        Assert.Contains(world.Decisions, d => d.Contains("failure 3 in a row in this place", StringComparison.Ordinal));
        Assert.InRange(world.Starts.Count, 4, 10);
    }

    [Fact]
    [Trait("Fault", "78")]
    public void Paused_MoreIsWanted_ARevisionThatWasNeverProvedKeepsItsOwnCeiling()
    {
        var world = new MachineWorld(rollout: new() { MinReadyTime = Second * 30 }).Deploy(1, ceiling: 1).Run(Second * 5);
        world.Deploy(2, ticket: 2).Run(Second * 5);
        world.Tell(new DeploymentEvent.PauseWanted([])).Deploy(3, wanted: 4, ticket: 3).Run(Second * 20);

        Assert.Single(world.State.Instances, i => i.Revision == MachineWorld.Revision(1));
        Assert.InRange(world.State.Instances.Count(i => i.Revision == MachineWorld.Revision(2)), 2, 4);
    }

    [Fact]
    public void Paused_BothHeldRevisionsBecomeOneByTheirPage_ItKeepsTheInstancesOfBoth()
    {
        var pause = new PauseState(DateTimeOffset.UnixEpoch, 3, [new(MachineWorld.Revision(2), 1), new(MachineWorld.Revision(1), 2)]);

        Assert.Equal([new(MachineWorld.Revision(2), 3)], pause.Rename(MachineWorld.Revision(1), MachineWorld.Revision(2)).Held);
    }

    private static MachineWorld Serving(MachineWorld world)
    {
        world.ShareMachine();
        world.Deploy(1).Tell(new DeploymentEvent.Allowed(new(1, "its part", 1, 1))).Run(Second * 10);
        Assert.Single(world.Ready);
        return world;
    }
}
