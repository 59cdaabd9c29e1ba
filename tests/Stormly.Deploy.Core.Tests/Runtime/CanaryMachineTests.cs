using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using static Stormly.Deploy.Runtime.CanaryWorld;

namespace Stormly.Deploy.Runtime;

/// <summary>A canary comes up, fails, and is refused.</summary>
public class CanaryMachineTests
{
    [Fact]
    public void Canary_Ready_IsRoutedBesideAFullStableSide()
    {
        var world = Serving(4);

        Try(world, new CanarySpec { SharePercent = 50 }).Run(Minute);

        Assert.Equal((4, 2), Numbers(world));
        Assert.Equal(0.5, world.State.Canary!.Routed);
        Assert.Contains(world.Stored, s => s.Tickets.Contains(2));
        Assert.Equal(4, world.LeastReady);
        Assert.Equal(6, world.MostAlive);
        var plan = RoutePlan.Of(world.State, world.Now);
        Assert.Equal((2, 4), (plan.Canary!.Targets.Length, plan.Canary.Stable.Length));
        Assert.Equal(DeploymentPhase.Ready, SnapshotView.Of(world.State, [], 1).Phase);
        Assert.Equal(MachineWorld.Revision(1), SnapshotView.Of(world.State, [], 1).ServingRevision);
    }

    [Fact]
    [Trait("Fault", "77")]
    public void Canary_NeverReady_IsTakenAwayWithItsLastWordsAndNothingElseChanges()
    {
        var world = Serving(2, n => n > 2 ? 500 : 200);

        Try(world).Run(Minute * 30);

        Assert.Equal((2, 0), Numbers(world));
        Assert.Null(world.State.Canary);
        var refusal = Assert.Single(world.Refused);
        Assert.Equal([2L], refusal.Tickets);
        Assert.Equal("last words", refusal.Failure!.OutputTail);
        Assert.NotNull(world.State.Revisions.Single(r => r.Id == MachineWorld.Revision(2)).Failure);
        Assert.Equal(2, world.LeastReady);
        Assert.Equal(2, world.State.Instances.Length);
    }

    /// <summary>Found by the simulation: the host application stood still, and both are due when it goes on.</summary>
    [Fact]
    public void Canary_IsGivenUpInTheStepThatStartsASubstitute_BothHappenAndNoMoreLiveThanBefore()
    {
        var world = new MachineWorld(rollout: new RolloutOptions { MaxSurge = 0, MaxUnavailable = 1 }) { Status = (n, _) => n == 3 ? 0 : 200 };
        world.Deploy(1).Run(TimeSpan.FromSeconds(5));
        world.Kill(world.Ready.Single().Id).Run(TimeSpan.FromSeconds(5));
        world.Kill(world.Ready.Single().Id);
        Try(world);
        Assert.NotNull(world.State.Canary);
        Assert.Equal((3, 1), (world.Starts.Count, world.State.Vacancies.Length));
        world.Pause = (world.Now, Minute * 30);

        world.Run(Minute * 2);

        Assert.Null(world.State.Canary);
        Assert.Equal(MachineWorld.Revision(1), Assert.Single(world.Ready).Revision);
        Assert.Equal((4, 2), (world.Starts.Count, world.MostAlive));
    }

    [Fact]
    public void Canary_DiesOnce_IsReplacedByItsOwnRevision()
    {
        var world = Try(Serving(2)).Run(Minute);

        world.Kill(Of(world, 2).Single().Id);
        Assert.Equal((2, 0), Numbers(world));
        Assert.Empty(RoutePlan.Of(world.State, world.Now).Canary!.Targets);
        world.Run(Minute);

        Assert.Equal((2, 1), Numbers(world));
        Assert.Empty(world.Refused);
        Assert.Equal(2, world.LeastReady);
    }

    [Fact]
    public void Canary_CrashesAgainAndAgain_IsAborted()
    {
        var world = new MachineWorld { Exit = n => n > 2 ? (TimeSpan.FromSeconds(3), 9) : null }.Deploy(1, wanted: 2).Run(Minute);
        world.WatchReady();

        Try(world).Run(Minute * 5);

        Assert.Null(world.State.Canary);
        Assert.Equal((2, 0), Numbers(world));
        Assert.Contains(world.Decisions, d => d.StartsWith("abort the canary", StringComparison.Ordinal) && d.Contains("crash loop, 3 failures", StringComparison.Ordinal));
        Assert.Equal(5, world.Starts.Count);
        Assert.Equal(2, world.LeastReady);
    }

    [Fact]
    public void Canary_StableInstanceDies_IsReplacedByItsOwnRevision()
    {
        var world = Try(Serving(2)).Run(Minute);

        world.Kill(Of(world, 1).First().Id).Run(Minute);

        Assert.Equal((2, 1), Numbers(world));
    }

    [Fact]
    public void Canary_HostStopsAndThenItIsRemoved_AnswersTheCallOnce()
    {
        var world = Try(Serving(2, n => n > 2 ? 500 : 200));

        world.Tell(new DeploymentEvent.StopWanted()).Tell(new DeploymentEvent.RemoveWanted());

        Assert.Equal([2L], Assert.Single(world.Refused).Tickets);
    }

    [Fact]
    public void Canary_NotPossible_IsRefusedInWords()
    {
        var world = new MachineWorld();
        Refused(world, "nothing of the plugin is deployed");
        world.Deploy(1, wanted: 2, ceiling: 2);
        Refused(world, "no revision serves as a whole");
        world.Run(Minute);
        Refused(world, "there is no room for it");
        Refused(world, "equal content is the same revision", revision: 1);
        world.Tell(new DeploymentEvent.PauseWanted([])).Tell(new DeploymentEvent.ScaleWanted(1, 2, "its port is fixed", []));
        Refused(world, "rollouts are paused");
        world.Tell(new DeploymentEvent.PromoteWanted([4])).Tell(new DeploymentEvent.AbortWanted(null, [5])).Tell(new DeploymentEvent.CanaryShareWanted(5, [6]));
        Assert.All(world.Refused.TakeLast(3), r => Assert.Contains("there is none", r.Reason, StringComparison.Ordinal));
        Assert.Null(world.State.Canary);

        static void Refused(MachineWorld world, string why, int revision = 2)
        {
            Try(world, revision: revision);
            Assert.Contains(why, world.Refused[^1].Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Canary_SharedMachineHasNoRoomForIt_IsRefusedWithTheReason()
    {
        var world = Serving(2).Tell(new DeploymentEvent.Allowed(new(2, "the machine is full")));

        Try(world);

        Assert.Contains("the machine is full", Assert.Single(world.Refused).Reason, StringComparison.Ordinal);
        Assert.Equal(2, world.Starts.Count);

        Try(world.Tell(new DeploymentEvent.Allowed(new(3, "there is room")))).Run(Minute);
        Assert.Equal((2, 1), Numbers(world));
    }

    [Fact]
    public void Canary_RemovedMeanwhile_LetsItsCallGo()
    {
        var world = Serving(2, n => n > 2 ? 0 : 200);
        Try(world).Tell(new DeploymentEvent.RemoveWanted()).Run(Minute);

        Assert.Equal([2L], Assert.Single(world.Refused).Tickets);
        Assert.Empty(world.State.Instances);
    }

    [Fact]
    public void Traffic_StableInstanceFails_IsNotTakenOutForTheCanary()
    {
        var world = Try(Serving(1)).Run(Minute);
        var stable = Of(world, 1).Single();
        var canary = Of(world, 2).Single();

        world.Tell(new DeploymentEvent.TrafficFailed(stable.Id, new(0, 20, 20)));
        Assert.False(Of(world, 1).Single().Ejected);

        world.Tell(new DeploymentEvent.TrafficFailed(canary.Id, new(0, 20, 20)));
        Assert.True(Of(world, 2).Single().Ejected);
        Assert.NotNull(world.State.Canary);
    }

    [Fact]
    [Trait("Fault", "22")]
    public void Traffic_AllInstancesOfACanaryWithARuleFail_AbortsIt()
    {
        var world = Try(Serving(4), new CanarySpec { SharePercent = 50, Rule = new() }).Run(Minute / 2);
        var canaries = Of(world, 2).ToList();
        Assert.Equal(2, canaries.Count);

        world.Tell(new DeploymentEvent.TrafficFailed(canaries[0].Id, new(0, 20, 20)));
        Assert.NotNull(world.State.Canary);
        world.Tell(new DeploymentEvent.TrafficFailed(canaries[1].Id, new(0, 20, 20)));

        Assert.Null(world.State.Canary);
        Assert.Contains(world.Decisions, d => d.StartsWith("abort the canary", StringComparison.Ordinal) && d.Contains("none of its instances takes any", StringComparison.Ordinal));
        Assert.NotNull(world.State.Revisions.Single(r => r.Id == MachineWorld.Revision(2)).Failure);
        Assert.Equal((4, 0), Numbers(world.Run(Minute)));
    }
}
