using Stormly.Deploy.Rollout;
using static Stormly.Deploy.Runtime.CanaryWorld;

namespace Stormly.Deploy.Runtime;

/// <summary>What people want while a canary stands: another share, a promotion, an end, other deploys and numbers.</summary>
public class CanaryChangeTests
{
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
    public void Canary_ScaledToZero_ComesBackWithTheOthers()
    {
        var world = Try(Serving(2)).Run(Minute);

        world.Tell(new DeploymentEvent.ScaleWanted(0, int.MaxValue, "", [8])).Run(Minute * 20);
        Assert.Empty(world.State.Instances);
        Assert.NotNull(world.State.Canary);

        world.Tell(new DeploymentEvent.ScaleWanted(1, int.MaxValue, "", [9])).Run(Minute);
        Assert.Equal((1, 1), Numbers(world));
    }
}
