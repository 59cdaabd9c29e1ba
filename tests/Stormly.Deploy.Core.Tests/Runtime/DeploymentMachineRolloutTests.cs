using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

public class DeploymentMachineRolloutTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("Fault", "76")]
    public void Redeploy_ThreeInstances_NeverHasFewerReadyNorMoreThanOneBeyond()
    {
        var world = new MachineWorld().Deploy(1, wanted: 3).Run(Minute);
        world.WatchReady();

        world.Deploy(2, wanted: 3, ticket: 2).Run(Minute);

        Assert.Equal(3, world.LeastReady);
        Assert.Equal(4, world.MostAlive);
        Assert.All(world.Ready, i => Assert.Equal(MachineWorld.Revision(2), i.Revision));
        Assert.Equal([1L], world.Stored[0].Tickets);
        Assert.Equal([2L], world.Stored[1].Tickets);
    }

    [Fact]
    [Trait("Fault", "77")]
    public void Redeploy_NewNeverReady_IsTakenAwayAndTheOldNeverStopped()
    {
        var world = new MachineWorld { Status = (n, _) => n <= 2 ? 200 : 500 }.Deploy(1, wanted: 2).Run(Minute);
        world.WatchReady();

        world.Deploy(2, wanted: 2, ticket: 2).Run(Minute * 20);

        Assert.Equal(2, world.LeastReady);
        Assert.Equal([2L], Assert.Single(world.Refused).Tickets);
        Assert.All(world.State.Instances, i => Assert.Equal(MachineWorld.Revision(1), i.Revision));
        Assert.Single(world.Stored);
        Assert.Contains(world.Decisions, d => d.StartsWith("go back to revision", StringComparison.Ordinal));
        Assert.Equal(DeploymentPhase.Ready, SnapshotView.Of(world.State, [], 1).Phase);
    }

    [Fact]
    public void Redeploy_NoRoomBeyondTheWantedNumber_StopsFirstAndSaysWhy()
    {
        var world = new MachineWorld().Deploy(1, ceiling: 1).Run(Minute);

        world.Deploy(2, ceiling: 1, ticket: 2).Run(Minute);

        Assert.Equal(1, world.MostAlive);
        Assert.Equal(MachineWorld.Revision(2), Assert.Single(world.Ready).Revision);
        Assert.Contains(world.Decisions, d => d.Contains("no room to start its substitute first", StringComparison.Ordinal) && d.Contains("its port is fixed", StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Fault", "77")]
    [InlineData(false)]
    [InlineData(true)]
    public void Redeploy_OnlyTheNewOneHasAFixedPort_ComesInBesideTheOldOne(bool fails)
    {
        var world = new MachineWorld { Status = (n, _) => n > 1 && fails ? 500 : 200 }.Deploy(1).Run(Minute);

        world.Deploy(2, ceiling: 1, ticket: 2);
        Assert.Equal(InstancePhase.Ready, world.State.Instances[0].Phase);
        Assert.Equal(2, world.State.Instances.Length);
        world.Run(Minute * 30);

        Assert.Equal(fails ? 1 : 0, world.Refused.Count);
        Assert.Equal(MachineWorld.Revision(fails ? 1 : 2), Assert.Single(world.Ready).Revision);
        Assert.DoesNotContain(world.Decisions, d => d.Contains("no room to start its substitute first", StringComparison.Ordinal));
        Assert.Equal(fails, world.Ready.Single().Id.Value == "churn-00000001");
    }

    [Fact]
    public void Redeploy_ThirdRevisionHasTheFixedPortToo_WaitsForTheSecondAlone()
    {
        var world = new MachineWorld { Status = (n, now) => n == 2 && now < Minute * 3 ? 500 : 200 }.Deploy(1).Run(Minute);

        world.Deploy(2, ceiling: 1, ticket: 2).Run(Minute).Deploy(3, ceiling: 1, ticket: 3).Run(Minute);

        Assert.Equal(MachineWorld.Revision(3), Assert.Single(world.Ready).Revision);
        Assert.Equal(2, world.MostAlive);
    }

    [Fact]
    [Trait("Fault", "77")]
    public void Redeploy_NoRoomAndNewFails_BringsTheOldBack()
    {
        var world = new MachineWorld { Exit = n => n is > 1 and < 5 ? (TimeSpan.FromMilliseconds(20), 1) : null, Status = (n, _) => n is > 1 and < 5 ? 0 : 200 };
        world.Deploy(1, ceiling: 1).Run(Minute);

        world.Deploy(2, ceiling: 1, ticket: 2).Run(Minute);

        Assert.Single(world.Refused);
        Assert.Equal(MachineWorld.Revision(1), Assert.Single(world.Ready).Revision);
        Assert.Equal(1, world.MostAlive);
    }

    [Fact]
    [Trait("Fault", "78")]
    public void Scale_UpAndDownAndStopAtOnce_EndsWithNothingAndNeverMoreThanWantedAndOne()
    {
        var world = new MachineWorld().Deploy(1, wanted: 2).Run(Minute);
        world.Tell(new DeploymentEvent.ScaleWanted(5, int.MaxValue, "", [2])).Tell(new DeploymentEvent.ScaleWanted(1, int.MaxValue, "", [3]));
        Assert.Equal([2L], world.Stored[1].Tickets);
        Assert.Equal(1, world.Stored[2].Goal!.Wanted);

        world.Tell(new DeploymentEvent.StopWanted()).Run(Minute);

        Assert.True(world.MostAlive <= 6);
        Assert.Empty(world.State.Instances);
        Assert.Equal(DeploymentMode.Over, world.State.Mode);
    }

    [Fact]
    public void Scale_DownWhileStarting_StopsWhatIsNotNeeded()
    {
        var world = new MachineWorld().Deploy(1).Run(Minute);

        world.Tell(new DeploymentEvent.ScaleWanted(4, int.MaxValue, "", [])).Tell(new DeploymentEvent.ScaleWanted(2, int.MaxValue, "", [])).Run(Minute);

        Assert.Equal(2, world.Ready.Count());
        Assert.Equal(2, world.State.Instances.Length);
        Assert.Single(world.Ready, i => i.Id.Value == "churn-00000001");
    }

    [Fact]
    [Trait("Fault", "46")]
    [Trait("Fault", "56")]
    public void Stop_DuringAStart_CancelsItAndStopsWhatTheBackendFinishedAllTheSame()
    {
        var world = new MachineWorld { LaunchTakes = TimeSpan.FromSeconds(3) }.Deploy(1);

        world.Tell(new DeploymentEvent.StopWanted()).Tell(new DeploymentEvent.StopWanted()).Run(Minute);

        Assert.Single(world.Effects, e => e.Effect is DeploymentEffect.CancelStart);
        Assert.Single(world.Effects, e => e.Effect is DeploymentEffect.Stop);
        Assert.Single(world.Effects, e => e.Effect is DeploymentEffect.Finish { Removed: false });
        Assert.Single(world.Refused);
        Assert.Equal(DeploymentMode.Over, world.State.Mode);
    }

    [Fact]
    public void Restored_NothingRuns_ComesBackAndIsColdMeanwhile()
    {
        var world = new MachineWorld { LaunchTakes = TimeSpan.FromSeconds(1) }.Tell(new DeploymentEvent.Restored(MachineWorld.Goal(1, 2)));

        Assert.Equal(Routing.RouteAvailability.ColdStart, RoutePlan.Of(world.State, world.Now).Availability);
        Assert.Equal(2, world.Run(Minute).Ready.Count());
    }

    [Fact]
    public void Redeploy_NoSurgeAndOneMayBeMissing_NeverMissesMoreThanOne()
    {
        var world = new MachineWorld(rollout: new() { MaxSurge = 0, MaxUnavailable = 1 }).Deploy(1, wanted: 3).Run(Minute);
        world.WatchReady();

        world.Deploy(2, wanted: 3, ticket: 2).Run(Minute);

        Assert.Equal(2, world.LeastReady);
        Assert.Equal(3, world.MostAlive);
        Assert.All(world.Ready, i => Assert.Equal(MachineWorld.Revision(2), i.Revision));
        Assert.Equal(3, world.Ready.Count());
    }

    [Fact]
    [Trait("Fault", "76")]
    public void Redeploy_MinReadyTime_LetsTheOldOnesGoOnlyWhenTheNewOnesHaveBeenReadyThatLong()
    {
        var world = new MachineWorld(rollout: new() { MinReadyTime = TimeSpan.FromSeconds(25) }).Deploy(1, wanted: 2).Run(Minute);
        world.WatchReady();
        var begun = world.Now;

        world.Deploy(2, wanted: 2, ticket: 2).Run(TimeSpan.FromSeconds(24));

        Assert.Equal(3, world.Ready.Count());
        Assert.Single(world.Stored);
        world.Run(Minute);
        Assert.Equal(2, world.LeastReady);
        Assert.Equal(3, world.MostAlive);
        Assert.Equal([2L], world.Stored[1].Tickets);
        Assert.True(world.Starts[3] - begun >= TimeSpan.FromSeconds(25));
        Assert.Equal(2, world.Decisions.Count(d => d.StartsWith("count churn-", StringComparison.Ordinal) && d.Contains("25 s", StringComparison.Ordinal)) / 2);
    }

    [Fact]
    [Trait("Fault", "77")]
    public void Redeploy_NewOnesFailBeforeMinReadyTime_IsAFailedStartAndTheOldOnesStay()
    {
        var world = new MachineWorld(rollout: new() { MinReadyTime = TimeSpan.FromMinutes(30) }) { Exit = n => n > 2 ? (TimeSpan.FromMinutes(12), 3) : null };
        world.Deploy(1, wanted: 2).Run(TimeSpan.FromHours(1));
        world.WatchReady();

        world.Deploy(2, wanted: 2, ticket: 2).Run(TimeSpan.FromHours(1));

        Assert.Equal(2, world.LeastReady);
        var refused = Assert.Single(world.Refused);
        Assert.Contains("crash loop, 3 failures in a row", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(6, world.Starts.Count);
        Assert.All(world.State.Instances, i => Assert.Equal(MachineWorld.Revision(1), i.Revision));
    }

    [Fact]
    public void Redeploy_StatusTurnsBadWithinMinReadyTime_IsSeenAtItsEndAtTheLatest()
    {
        var world = new MachineWorld(rollout: new() { MinReadyTime = TimeSpan.FromSeconds(3) });
        world.Deploy(1).Run(Minute);
        var begun = world.Now;
        world.Status = (n, at) => n == 1 || at < begun + TimeSpan.FromSeconds(1) ? 200 : 500;

        world.Deploy(2, ticket: 2).Run(TimeSpan.FromSeconds(4));

        Assert.Equal(MachineWorld.Revision(1), Assert.Single(world.Ready).Revision);
        Assert.Contains(world.Decisions, d => d.StartsWith("replace churn-00000002", StringComparison.Ordinal));
        Assert.Single(world.Stored);
    }
}
