using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>What seeds of the simulation found, as the shortest timelines that show it.</summary>
public class FoundBySimulationTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("Fault", "77")]
    public void GiveUp_HalfOfTheFleetExchanged_KeepsWhatIsReadyUntilTheOldOnesAreBack()
    {
        var world = new MachineWorld { Exit = n => n is >= 4 and <= 6 ? (TimeSpan.FromMilliseconds(20), 1) : null, Status = (n, _) => n is >= 4 and <= 6 ? 0 : 200 };
        world.Deploy(1, wanted: 2).Run(Minute);
        world.WatchReady();

        world.Deploy(2, wanted: 2, ticket: 2).Run(Minute);

        Assert.Contains("crash loop", Assert.Single(world.Refused).Reason, StringComparison.Ordinal);
        Assert.Equal(2, world.LeastReady);
        Assert.Equal(3, world.MostAlive);
        Assert.Equal(2, world.Ready.Count(i => i.Revision == MachineWorld.Revision(1)));
        Assert.Equal(2, world.State.Instances.Length);
    }

    [Fact]
    [Trait("Fault", "78")]
    public void Scale_DuringARollout_LeavesTheRevisionBeforeItsOwnCeiling()
    {
        var world = new MachineWorld { Status = (n, _) => n == 1 ? 200 : 500 }.Deploy(1, ceiling: 1).Run(Minute);
        world.Deploy(2, wanted: 1, ticket: 2).Run(TimeSpan.FromSeconds(1));

        world.Tell(new DeploymentEvent.ScaleWanted(3, int.MaxValue, "", [3])).Run(Minute * 20);

        Assert.Equal((MachineWorld.Revision(1), 1, 1), (world.State.Goal!.Revision, world.State.Goal.Wanted, world.State.Goal.Ceiling));
        Assert.Equal("churn-00000001", Assert.Single(world.State.Instances).Id.Value);
    }

    /// <summary>After 30 minutes the old one is gone in the very moment in which the deadline, five times put off, passes again.</summary>
    [Theory]
    [Trait("Fault", "76")]
    [InlineData(20)]
    [InlineData(30)]
    public void Redeploy_TheOldOneLeavesSlowerThanTheDeadline_IsNotGivenUpBeforeItCouldStart(int minutes)
    {
        var world = new MachineWorld { StopTakes = Minute * minutes }.Deploy(1, ceiling: 1).Run(Minute);

        world.Deploy(2, ceiling: 1, ticket: 2).Run(Minute * (minutes + 1));

        Assert.Empty(world.Refused);
        Assert.Equal(MachineWorld.Revision(2), Assert.Single(world.Ready).Revision);
        Assert.Equal(1, world.MostAlive);
    }

    [Fact]
    public void LaunchFailed_OfAStartThatWasGivenUp_LeavesADecision()
    {
        var world = new MachineWorld { LaunchTakes = Minute * 30 }.Deploy(1);
        var id = Assert.Single(world.State.Instances).Id;
        world.Deploy(2, ticket: 2);

        world.Tell(new DeploymentEvent.LaunchFailed(new StartFailure { Instance = id, Reason = "its start was given up" }));

        Assert.Contains(world.Effects, e => e.Effect is DeploymentEffect.CancelStart cancel && cancel.Id == id);
        Assert.Contains($"{id} is gone: its start was given up before it ran: its start was given up", world.Decisions);
        Assert.DoesNotContain(world.State.Instances, i => i.Id == id);
    }

    [Fact]
    [Trait("Fault", "9")]
    public void Start_ListensElsewhereAfterTheRevisionServed_IsTriedAgainUnderTheBackOff()
    {
        var world = new MachineWorld { Listener = n => n is 2 or 3 ? ListenerVerdict.Elsewhere : ListenerVerdict.Ours }.Deploy(1).Run(Minute);

        world.Kill(world.Ready.Single().Id).Run(Minute);

        Assert.Equal(4, world.Starts.Count);
        Assert.Equal("churn-00000004", Assert.Single(world.Ready).Id.Value);
        Assert.Equal(2, world.Ready.Single().Line.Failures - 1);
        Assert.Null(world.State.Failure);
    }

    [Fact]
    [Trait("Fault", "1")]
    public void Start_CommandNotRunnableAfterTheRevisionServed_IsTriedAgainUnderTheBackOff()
    {
        var world = new MachineWorld { LaunchTakes = Minute }.Deploy(1).Run(Minute * 2);
        world.Kill(world.Ready.Single().Id);
        var second = world.State.Instances.Single(i => i.Phase == InstancePhase.Starting).Id;

        world.Tell(new DeploymentEvent.Exited(second, new InstanceExit { ExitCode = 127, Cause = ExitCause.CommandNotRunnable, Reason = "its command was not found" })).Run(Minute * 2);

        Assert.Single(world.Ready);
        Assert.Null(world.State.Failure);
    }

    [Fact]
    [Trait("Fault", "17")]
    public void Status_BadBeforeTheMinimumReadyTime_StopsTheSickOneOnlyWhenItsSubstituteServes()
    {
        var world = new MachineWorld(rollout: new() { MinReadyTime = TimeSpan.FromSeconds(30) }) { Status = (n, now) => n == 2 && now > TimeSpan.FromSeconds(5) ? 500 : 200 };
        world.Deploy(1, wanted: 2).Run(TimeSpan.FromSeconds(5));
        world.Run(Minute * 2);

        var stopped = world.Effects.FindIndex(e => e.Effect is DeploymentEffect.Stop { Id.Value: "churn-00000002" });
        var serves = world.Effects.FindIndex(e => e.Effect is DeploymentEffect.Record { Kind: DecisionKind.Promote, Subject: "churn-00000003" });
        Assert.InRange(serves, 0, stopped - 1);
        Assert.DoesNotContain(world.Decisions, d => d.Contains("its substitute could not be started", StringComparison.Ordinal));
        Assert.Equal(2, world.Ready.Count());
    }

    [Fact]
    [Trait("Fault", "78")]
    public void Pause_DeployOfMoreThanTheHeldRevisionCanRun_KeepsItsCeilingAndItServesOn()
    {
        var world = new MachineWorld().Deploy(1, ceiling: 1).Run(Minute);
        world.Tell(new DeploymentEvent.PauseWanted([2]));
        world.WatchReady();

        world.Deploy(2, wanted: 4, ticket: 3).Run(Minute);
        Assert.Equal("churn-00000001", Assert.Single(world.State.Instances).Id.Value);

        world.Tell(new DeploymentEvent.ScaleWanted(1, int.MaxValue, "", [4])).Run(Minute);
        Assert.Equal("churn-00000001", Assert.Single(world.Ready).Id.Value);
        Assert.Equal(1, world.LeastReady);
    }

    /// <summary>Its backend could not be asked, so that only what served came back, and the rollout stayed stored; then somebody deploys what serves.</summary>
    [Theory]
    [Trait("Fault", "45")]
    [InlineData(true)]
    [InlineData(false)]
    public void Deploy_OfWhatServes_AfterARolloutWasNotTakenUp_LeavesNoneStoredForTheNextStart(bool serve)
    {
        var world = new MachineWorld();
        world.Tell(new DeploymentEvent.Restored(MachineWorld.Goal(1, wanted: 1), serve)).Run(Minute);
        Assert.DoesNotContain(world.Effects, e => e.Effect is DeploymentEffect.Undertake);

        world.Deploy(1, wanted: 2).Run(Minute);

        Assert.Null(Assert.Single(world.Effects.Select(e => e.Effect).OfType<DeploymentEffect.Undertake>()).Rollout);
        Assert.Equal(2, world.Ready.Count());
    }

    [Fact]
    [Trait("Fault", "77")]
    public void GiveUp_BackToNone_RequestsThatCameMeanwhileGetTheirInstanceInTheSameMoment()
    {
        var world = new MachineWorld { Listener = n => n == 2 ? ListenerVerdict.Elsewhere : ListenerVerdict.Ours }.DeployRange(1, min: 0, max: 3).Run(Minute * 10);
        Assert.Empty(world.State.Instances);

        world.DeployRange(2, min: 0, max: 3, ticket: 2).Arrive(2).Run(TimeSpan.FromSeconds(10));

        var back = world.Effects.Single(e => e.Effect is DeploymentEffect.Record { Kind: DecisionKind.Rollback }).At;
        Assert.Equal(back, world.Effects.Single(e => e.Effect is DeploymentEffect.Start start && start.Revision == MachineWorld.Revision(1) && e.At > Minute).At);
        Assert.Equal(MachineWorld.Revision(1), Assert.Single(world.Ready).Revision);
    }

    /// <summary>The place loses its part of the machine and gets it back, again and again.</summary>
    [Fact]
    [Trait("Fault", "9")]
    public void Start_ThatFollowsATakenPort_IsStoppedForWantOfRoom_TheNextOneGoesOnCountingTakenPorts()
    {
        var world = new MachineWorld { Status = (_, _) => 0 };
        world.ShareMachine();
        world.DeployRange(1, min: 0, max: 2).Tell(Part(1)).Run(TimeSpan.FromSeconds(1));
        world.Tell(new DeploymentEvent.Exited(Assert.Single(world.State.Instances).Id, new InstanceExit { ExitCode = 1, Cause = ExitCause.PortTaken, Reason = "its port was taken" })).Run(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Assert.Single(world.State.Instances).Line.PortAttempts);

        world.Tell(Part(0)).Run(TimeSpan.FromSeconds(1));
        Assert.Empty(world.State.Instances);
        world.Tell(Part(1)).Run(TimeSpan.FromSeconds(1));

        Assert.Equal(1, Assert.Single(world.State.Instances).Line.PortAttempts);

        static DeploymentEvent.Allowed Part(int instances) => new(new MachineShare(instances, "its part", Asked: 1, Coming: 1));
    }
}
