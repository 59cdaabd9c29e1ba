using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

public class PausedMachineTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DeploymentEvent Pause = new DeploymentEvent.PauseWanted([90]);
    private static readonly DeploymentEvent Resume = new DeploymentEvent.ResumeWanted([91]);

    [Fact]
    public void Pause_InTheMiddleOfARollout_KeepsBothRevisionsForAsLongAsItLasts()
    {
        var world = Half();

        world.Tell(Pause).Run(TimeSpan.FromHours(2));

        Assert.Equal((2, 1), Numbers(world));
        Assert.Empty(world.Refused);
        var snapshot = SnapshotView.Of(world.State, [], 1);
        Assert.Equal(DeploymentPhase.Paused, snapshot.Phase);
        Assert.True(snapshot.Paused);
        Assert.Equal(2, world.LeastReady);
    }

    [Fact]
    public void Resume_AfterAPause_GoesOnWithAWholeDeadline()
    {
        var world = Half();
        world.Tell(Pause).Run(TimeSpan.FromHours(2));

        world.Tell(Resume);
        Assert.Equal(world.Now + (Minute * 6) + TimeSpan.FromSeconds(5), world.State.ProgressDeadline);
        world.Run(Minute);

        Assert.Equal((0, 2), Numbers(world));
        Assert.Contains(world.Stored, s => s.Tickets.Contains(2));
        Assert.Equal(2, world.LeastReady);
        Assert.Equal(DeploymentPhase.Ready, SnapshotView.Of(world.State, [], 1).Phase);
    }

    [Fact]
    public void Pause_InstancesOfBothRevisionsDie_EachIsReplacedByItsOwn()
    {
        var world = Half();
        world.Tell(Pause);

        foreach (var id in world.Ready.DistinctBy(i => i.Revision).Select(i => i.Id).ToList())
        {
            world.Kill(id);
        }

        world.Run(Minute);
        Assert.Equal((2, 1), Numbers(world));
        Assert.Equal(5, world.Starts.Count);
        Assert.Empty(world.Refused);
    }

    [Fact]
    [Trait("Fault", "77")]
    public void Pause_NewRevisionCrashesAgainAndAgain_TheOldServesOnUntilItIsResumed()
    {
        var world = new MachineWorld { Exit = n => n > 2 ? (TimeSpan.FromMilliseconds(300), 1) : null, Status = (n, _) => n > 2 ? 500 : 200 };
        world.Deploy(1, wanted: 2).Run(Minute);
        world.WatchReady();
        world.Deploy(2, wanted: 2, ticket: 2);
        world.Tell(Pause).Run(Minute * 30);

        Assert.Equal(2, world.LeastReady);
        Assert.Equal(2, Numbers(world).Old);
        Assert.Empty(world.Refused);
        Assert.InRange(world.Starts.Count, 8, 20);

        world.Tell(Resume).Run(Minute * 10);

        Assert.Equal((2, 0), Numbers(world));
        Assert.Equal([2L], Assert.Single(world.Refused).Tickets);
        Assert.Equal(2, world.LeastReady);
    }

    [Fact]
    public void Pause_NothingUnderWay_HoldsTheNextRolloutBack()
    {
        var world = new MachineWorld().Deploy(1, wanted: 2).Run(Minute);
        world.Tell(Pause);

        world.Deploy(2, wanted: 2, ticket: 2).Run(Minute * 30);

        Assert.Equal((2, 0), Numbers(world));
        Assert.Equal(2, world.Starts.Count);
        Assert.Empty(world.Refused);

        world.Tell(Resume).Run(Minute);
        Assert.Equal((0, 2), Numbers(world));
    }

    [Fact]
    public void Pause_NewerDeploy_TakesThePlaceOfTheGoalAndWaits()
    {
        var world = Half();
        world.Tell(Pause);

        world.Deploy(3, wanted: 2, ticket: 3).Run(Minute * 30);

        Assert.Equal([2L], Assert.Single(world.Refused).Tickets);
        Assert.Equal((2, 1), Numbers(world));

        world.Tell(Resume).Run(Minute);
        Assert.All(world.State.Instances, i => Assert.Equal(MachineWorld.Revision(3), i.Revision));
        Assert.Contains(world.Stored, s => s.Tickets.Contains(3));
    }

    [Fact]
    public void Pause_Rollback_ResumesAndSaysSo()
    {
        var world = Half();
        world.Tell(Pause);

        world.Tell(new DeploymentEvent.DeployWanted(MachineWorld.Goal(1, 2), [4], KeepTrying: false, Back: true)).Run(Minute);

        Assert.Null(world.State.Pause);
        Assert.Equal((2, 0), Numbers(world));
        Assert.Contains(world.Decisions, d => d.StartsWith("resume the rollout", StringComparison.Ordinal) && d.Contains("goes back", StringComparison.Ordinal));
        Assert.Contains(world.Stored, s => s.Tickets.Contains(4));
    }

    [Theory]
    [InlineData(6, 5, 2)]
    [InlineData(1, 1, 1)]
    public void Pause_Scale_SharesTheNumberOut(int wanted, int old, int fresh)
    {
        var world = Half();
        world.Tell(Pause);

        world.Tell(new DeploymentEvent.ScaleWanted(wanted, int.MaxValue, "", [5])).Run(Minute);

        Assert.Equal((old, fresh), Numbers(world));
        Assert.Contains(world.Stored, s => s.Tickets.Contains(5));
        world.Tell(Resume).Run(Minute);
        Assert.Equal((0, wanted), Numbers(world));
    }

    [Fact]
    public void PauseAndResume_Twice_ChangeNothingMore()
    {
        var world = Half();
        world.Tell(Pause).Tell(Pause).Tell(Resume).Tell(Resume);

        Assert.Equal(2, world.Effects.Select(e => e.Effect).OfType<DeploymentEffect.Record>().Count(r => r.Kind == DecisionKind.Pause));
        Assert.Equal(2, world.Stored.Count(s => s.Tickets.Contains(90)));
        Assert.Equal(2, world.Stored.Count(s => s.Tickets.Contains(91)));
    }

    [Fact]
    public void Pause_FirstRevisionNeverReady_IsNotGivenUpBeforeItIsResumed()
    {
        var world = new MachineWorld { Status = (_, _) => 500 }.Deploy(1).Tell(Pause).Run(TimeSpan.FromHours(1));

        Assert.Empty(world.Refused);
        Assert.Null(world.State.Failure);

        world.Tell(Resume).Run(TimeSpan.FromHours(1));
        Assert.Single(world.Refused);
        Assert.NotNull(world.State.Failure);
    }

    [Fact]
    public void Pause_HeldRevisionHasAFixedPort_IsReplacedWithinItsOwnCeilingWhateverTheGoalAllows()
    {
        var world = new MachineWorld { Status = (n, now) => n == 1 && now > Minute ? 500 : 200 }.Deploy(1, ceiling: 1).Run(TimeSpan.FromSeconds(30));
        world.Tell(Pause).Deploy(2, ticket: 2).Run(Minute * 3);

        Assert.Equal(1, world.MostAlive);
        Assert.Equal((1, 0), Numbers(world));
        Assert.Equal(2, world.Starts.Count);
    }

    /// <summary>Found by the simulation: the one of the other revision still held the port.</summary>
    [Fact]
    public void Pause_AllRevisionsHaveAFixedPort_TheHeldOneWaitsUntilTheOtherIsGone()
    {
        var world = new MachineWorld { StopTakes = TimeSpan.FromSeconds(10) }.Deploy(1, ceiling: 1).Run(Minute);
        world.Deploy(2, ceiling: 1, ticket: 2).Run(TimeSpan.FromSeconds(10));
        world.Deploy(1, ceiling: 1, ticket: 3).Tell(Pause).Deploy(2, ceiling: 1, ticket: 4).Run(Minute);

        Assert.Equal(1, world.MostAlive);
        Assert.Equal((1, 0), Numbers(world));
        Assert.Equal(3, world.Starts.Count);
    }

    /// <summary>Found by the simulation: a sick one had to go before its substitute, although the machine had room for both.</summary>
    [Fact]
    public void Pause_MoreAreKeptThanAreWanted_TheMachineIsAskedForAllOfThem()
    {
        var world = new MachineWorld().Deploy(1, 4).Run(Minute);
        world.Deploy(2, 4, ticket: 2).Tell(Pause).Run(Minute);

        Assert.Equal((4, 1), Numbers(world));
        Assert.Equal(6, DeploymentMachine.AsTenant(world.State, maxSurge: 1).Wish);
    }

    [Fact]
    public void Pause_NothingDeployed_IsRefused()
    {
        var world = new MachineWorld().Tell(Pause).Tell(Resume);

        Assert.Equal(2, world.Refused.Count);
    }

    [Fact]
    public void Pause_ExplainAloneChanges_TouchesNoInstanceAndKeepsTheirNumbers()
    {
        var world = new MachineWorld();
        world.Tell(new DeploymentEvent.DeployWanted(MachineWorld.Goal(1, 2) with { Runtime = "r" }, [1], KeepTrying: false)).Run(Minute);
        world.Tell(Pause);

        world.Tell(new DeploymentEvent.DeployWanted(MachineWorld.Goal(2, 2) with { Runtime = "r" }, [2], KeepTrying: false)).Run(Minute);

        Assert.Equal((0, 2), Numbers(world));
        Assert.Equal(2, world.Starts.Count);
        world.Kill(world.Ready.First().Id).Run(Minute);
        Assert.Equal((0, 2), Numbers(world));
    }

    /// <summary>Two of the old revision, and the first of the new one has just become ready: nobody has left yet, two are wanted.</summary>
    private static MachineWorld Half()
    {
        var world = new MachineWorld(rollout: new() { MinReadyTime = TimeSpan.FromSeconds(5) }).Deploy(1, wanted: 2).Run(Minute);
        world.WatchReady();
        return world.Deploy(2, wanted: 2, ticket: 2).Run(TimeSpan.FromSeconds(2));
    }

    private static (int Old, int New) Numbers(MachineWorld world)
        => (world.Ready.Count(i => i.Revision == MachineWorld.Revision(1)), world.Ready.Count(i => i.Revision == MachineWorld.Revision(2)));
}
