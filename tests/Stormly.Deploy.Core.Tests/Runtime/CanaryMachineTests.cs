using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

public class CanaryMachineTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

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
    public void Share_Raised_IsRoutedOnceThereAreInstancesEnough()
    {
        var world = Try(Serving(4)).Run(Minute);

        world.Tell(new DeploymentEvent.CanaryShareWanted(75, [3]));
        Assert.Equal(0.1, world.State.Canary!.Routed);
        world.Run(Minute);

        Assert.Equal(0.75, world.State.Canary!.Routed);
        Assert.Equal((4, 3), Numbers(world));
        Assert.Contains(world.Stored, s => s.Tickets.Contains(3));
        Assert.Equal(2, world.State.Canary.Window);

        world.Tell(new DeploymentEvent.CanaryShareWanted(5, [4]));
        Assert.Equal(0.05, world.State.Canary.Routed);
        world.Run(Minute);
        Assert.Equal((4, 1), Numbers(world));
        Assert.Contains(world.Stored, s => s.Tickets.Contains(4));
    }

    [Fact]
    public void Share_RaisedAndTheFurtherInstancesNeverReady_KeepsTheShareItHad()
    {
        var world = Serving(4, n => n > 5 ? 0 : 200);
        Try(world).Run(Minute);

        world.Tell(new DeploymentEvent.CanaryShareWanted(50, [3])).Run(Minute * 7);

        Assert.Equal(0.1, world.State.Canary!.Routed);
        Assert.Equal([3L], Assert.Single(world.Refused).Tickets);
        Assert.Equal((4, 1), Numbers(world));
    }

    [Fact]
    public void Promote_RollsOutWithTheCanarysInstancesCounted()
    {
        var world = Try(Serving(4)).Run(Minute);

        world.Tell(new DeploymentEvent.PromoteWanted([5])).Run(Minute);

        Assert.Equal((0, 4), Numbers(world));
        Assert.Null(world.State.Canary);
        Assert.Equal(8, world.Starts.Count);
        Assert.Equal(4, world.LeastReady);
        Assert.Equal(5, world.MostAlive);
        Assert.Contains(world.Stored, s => s.Tickets.Contains(5));
        Assert.NotNull(world.State.Revisions.Single(r => r.Id == MachineWorld.Revision(2)).ServedAt);
    }

    [Fact]
    public void Promote_FurtherInstancesNeverReady_GoesBackToWhatServed()
    {
        var world = Serving(4, n => n is > 5 and < 9 ? 500 : 200);
        Try(world).Run(Minute);

        world.Tell(new DeploymentEvent.PromoteWanted([5])).Run(Minute * 20);

        Assert.Equal((4, 0), Numbers(world));
        Assert.Equal([5L], Assert.Single(world.Refused).Tickets);
        Assert.Equal(4, world.LeastReady);
    }

    [Fact]
    public void Abort_GivesAllRequestsBackAtOnce()
    {
        var world = Try(Serving(2)).Run(Minute);

        world.Tell(new DeploymentEvent.AbortWanted("odd figures", [5]));

        var plan = RoutePlan.Of(world.State, world.Now);
        Assert.Null(plan.Canary);
        Assert.Equal(2, plan.Targets.Length);
        world.Run(Minute);
        Assert.Equal(2, world.State.Instances.Length);
        Assert.Contains(world.Decisions, d => d.StartsWith("abort the canary", StringComparison.Ordinal) && d.EndsWith("odd figures", StringComparison.Ordinal));
        Assert.NotNull(world.State.Revisions.Single(r => r.Id == MachineWorld.Revision(2)).WithdrawnAt);
        Assert.Contains(world.Stored, s => s.Tickets.Contains(5));
        Assert.Equal(2, world.LeastReady);
    }

    [Fact]
    public void Canary_AnotherDeploy_IsAborted()
    {
        var world = Try(Serving(2)).Run(Minute);

        world.Deploy(3, wanted: 2, ticket: 6).Run(Minute);

        Assert.Null(world.State.Canary);
        Assert.All(world.State.Instances, i => Assert.Equal(MachineWorld.Revision(3), i.Revision));
        Assert.Contains(world.Decisions, d => d.StartsWith("abort the canary", StringComparison.Ordinal) && d.EndsWith("was deployed", StringComparison.Ordinal));
        Assert.Equal(2, world.LeastReady);
    }

    [Fact]
    public void Canary_ItsOwnRevisionIsDeployed_BecomesTheGoal()
    {
        var world = Try(Serving(2)).Run(Minute);

        world.Deploy(2, wanted: 2, ticket: 6).Run(Minute);

        Assert.Equal((0, 2), Numbers(world));
        Assert.Equal(4, world.Starts.Count);
        Assert.Contains(world.Stored, s => s.Tickets.Contains(6));
    }

    [Fact]
    public void Canary_TheStableRevisionIsDeployedAgain_Stays()
    {
        var world = Try(Serving(2)).Run(Minute);

        world.Deploy(1, wanted: 2, ticket: 6).Run(Minute);

        Assert.Equal((2, 1), Numbers(world));
        Assert.Contains(world.Stored, s => s.Tickets.Contains(6));
    }

    [Fact]
    public void Canary_Rollback_IsAborted()
    {
        var world = new MachineWorld().Deploy(3, wanted: 2).Run(Minute).Deploy(1, wanted: 2, ticket: 9).Run(Minute);
        Try(world).Run(Minute);

        world.Tell(new DeploymentEvent.DeployWanted(MachineWorld.Goal(3, 2), [7], KeepTrying: false, Back: true)).Run(Minute);

        Assert.All(world.State.Instances, i => Assert.Equal(MachineWorld.Revision(3), i.Revision));
        Assert.Null(world.State.Canary);
    }

    [Fact]
    public void Canary_Scale_ChangesBothSides()
    {
        var world = Try(Serving(2), new CanarySpec { SharePercent = 50 }).Run(Minute);

        world.Tell(new DeploymentEvent.ScaleWanted(6, int.MaxValue, "", [8])).Run(Minute);
        Assert.Equal((6, 3), Numbers(world));

        world.Tell(new DeploymentEvent.ScaleWanted(1, int.MaxValue, "", [9])).Run(Minute);
        Assert.Equal((1, 1), Numbers(world));
    }

    [Fact]
    public void Canary_AnotherCanary_TakesItsPlace()
    {
        var world = Try(Serving(2)).Run(Minute);

        world.Tell(new DeploymentEvent.CanaryWanted(MachineWorld.Goal(3, 2), new CanarySpec(), [3])).Run(Minute);

        Assert.Equal(MachineWorld.Revision(3), world.State.Canary!.Revision);
        Assert.Equal((2, 0), Numbers(world));
        Assert.Equal(3, world.State.Instances.Length);
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
    public void Pause_WhileACanaryStands_KeepsItAndRefusesToPromote()
    {
        var world = Try(Serving(2), new CanarySpec { Rule = new() }).Run(TimeSpan.FromSeconds(30));
        world.Tell(new DeploymentEvent.PauseWanted([])).Tell(new DeploymentEvent.PromoteWanted([4])).Run(Minute * 30);

        Assert.Equal([4L], Assert.Single(world.Refused).Tickets);
        Assert.DoesNotContain(world.Effects, e => e.Effect is DeploymentEffect.ReadCanary);
        Assert.Equal((2, 1), Numbers(world));
        world.Tell(new DeploymentEvent.AbortWanted(null, [5])).Run(Minute);
        Assert.Equal((2, 0), Numbers(world));
    }

    [Fact]
    public void Rule_EachInterval_AsksForFiguresAndFollowsThem()
    {
        var world = Try(Serving(2), new CanarySpec { Rule = new() }).Run(Minute * 2);
        var reads = world.Effects.Where(e => e.Effect is DeploymentEffect.ReadCanary).ToList();
        Assert.InRange(reads.Count, 6, 7);
        Assert.InRange((reads[0].At - world.State.Canary!.RoutedAt!.Value.Uptime).TotalSeconds, 60, 61);

        world.Tell(Read(world, 50, 0));
        Assert.NotNull(world.State.Canary);
        world.Tell(Read(world, 500, 0) with { Window = 7 });
        Assert.NotNull(world.State.Canary);
        world.Tell(Read(world, 500, 0)).Run(Minute);

        Assert.Equal((0, 2), Numbers(world));
        var record = world.Effects.Select(e => e.Effect).OfType<DeploymentEffect.Record>().Single(r => r.What.StartsWith("promote revision", StringComparison.Ordinal));
        Assert.Contains("0 of 500 requests failed", record.Why, StringComparison.Ordinal);
        Assert.Contains("0 of 9000 requests failed", record.Why, StringComparison.Ordinal);
        Assert.NotNull(record.Basis);
    }

    [Fact]
    public void Rule_WorseThanTheOtherSide_IsAbortedAndCountsAsFailed()
    {
        var world = Try(Serving(2), new CanarySpec { Rule = new() }).Run(Minute * 2);

        world.Tell(Read(world, 500, 100)).Run(Minute);

        Assert.Equal((2, 0), Numbers(world));
        Assert.Contains("fails more often", world.State.Revisions.Single(r => r.Id == MachineWorld.Revision(2)).Failure, StringComparison.Ordinal);
        Assert.Equal(2, world.LeastReady);
    }

    [Fact]
    public void Rule_TooFewRequests_StaysAndSaysSoOnce()
    {
        var world = Try(Serving(2), new CanarySpec { Rule = new() }).Run(Minute * 61);

        world.Tell(Read(world, 5, 0)).Tell(Read(world, 5, 0));

        Assert.NotNull(world.State.Canary);
        Assert.Single(world.Decisions, d => d.StartsWith("let the canary", StringComparison.Ordinal));
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
    }

    [Fact]
    public void Canary_ScaledToZero_ComesBackWithTheOthers()
    {
        var world = Try(Serving(2)).Run(Minute);

        world.Tell(new DeploymentEvent.ScaleWanted(0, int.MaxValue, "", [8])).Run(Minute * 20);
        Assert.Empty(world.State.Instances);
        Assert.NotNull(world.State.Canary);

        world.Tell(new DeploymentEvent.ScaleWanted(1, int.MaxValue, "", [9])).Run(Minute);
        Assert.Equal((1, 1), Numbers(world));
    }

    private static MachineWorld Serving(int wanted, Func<int, int>? status = null)
    {
        var world = new MachineWorld { Status = (n, _) => status?.Invoke(n) ?? 200 }.Deploy(1, wanted).Run(Minute);
        world.WatchReady();
        return world;
    }

    private static MachineWorld Try(MachineWorld world, CanarySpec? spec = null, int revision = 2)
        => world.Tell(new DeploymentEvent.CanaryWanted(MachineWorld.Goal(revision, 7), spec ?? new CanarySpec(), [2]));

    private static DeploymentEvent.CanaryRead Read(MachineWorld world, long requests, long failures)
        => new(world.State.Canary!.Window, new(requests, failures, TimeSpan.FromMilliseconds(20)), new(9000, 0, TimeSpan.FromMilliseconds(20)));

    private static List<InstanceState> Of(MachineWorld world, int revision) => [.. world.Ready.Where(i => i.Revision == MachineWorld.Revision(revision))];

    private static (int Stable, int Canary) Numbers(MachineWorld world) => (Of(world, 1).Count, Of(world, 2).Count);
}
