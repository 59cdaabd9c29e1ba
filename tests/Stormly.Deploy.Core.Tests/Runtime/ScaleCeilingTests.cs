using Stormly.Deploy.Model;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Runtime;

/// <summary>A number that is asked for one revision may be more than the backend can run of the one that serves in the end.</summary>
public class ScaleCeilingTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [Trait("Fault", "78")]
    [InlineData(0, 10, 0, 1)]
    [InlineData(1, 10, 1, 1)]
    [InlineData(3, 5, 1, 1)]
    public void Range_GivenDuringARollout_IsCutToTheCeilingOfTheRevisionThatComesBack(int min, int max, int restMin, int restMax)
    {
        var world = new MachineWorld { Status = (n, _) => n == 1 ? 200 : 500 }.Deploy(1, ceiling: 1).Run(Minute);
        world.Deploy(2, ticket: 2).Run(TimeSpan.FromSeconds(1));
        world.Tell(Scale(2, new ScaleRange(min, max)));

        world.Present = 40;
        world.Run(Minute * 30);

        var goal = world.State.Goal!;
        Assert.Equal((MachineWorld.Revision(1), 1), (goal.Revision, goal.Wanted));
        Assert.Equal(restMin == restMax ? null : new ScaleRange(restMin, restMax), goal.Range);
        Assert.Equal("churn-00000001", Assert.Single(world.State.Instances).Id.Value);
        Assert.Equal(goal, world.State.Stable);
        Assert.Equal(goal, world.Stored[^1].Goal);
        Assert.Contains(world.Decisions, d => d.Contains($"not {min}..{max}: the backend can run 1 of it at once: its port is fixed", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "78")]
    public void Range_BeyondTheCeilingOfACanary_IsCutWhenItIsPromoted()
    {
        var world = new MachineWorld().Deploy(1).Run(Minute);
        world.Tell(new DeploymentEvent.CanaryWanted(MachineWorld.Goal(2, 1, ceiling: 3), new() { SharePercent = 50 }, [])).Run(Minute);
        world.Tell(Scale(1, new ScaleRange(1, 9)));
        world.Present = 40;
        world.Tell(new DeploymentEvent.PromoteWanted([4])).Run(Minute * 5);

        var goal = world.State.Goal!;
        Assert.Equal((MachineWorld.Revision(2), 3, new ScaleRange(1, 3)), (goal.Revision, goal.Wanted, goal.Range));
        Assert.Equal(3, world.Ready.Count());
        Assert.Equal(goal, world.State.Stable);
        Assert.Contains(world.Decisions, d => d.Contains("not 1..9", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "78")]
    public void Number_AskedForARevisionThatHasMadeWay_IsCutToTheCeilingOfTheOneThatIsWanted()
    {
        var world = new MachineWorld().Deploy(1, ceiling: 2).Run(Minute);

        world.Tell(Scale(7, null) with { Wanted = 5 }).Run(Minute);
        Assert.Equal((2, 2), (world.State.Goal!.Wanted, world.State.Goal.Ceiling));
        Assert.Equal(2, world.Ready.Count());

        world.Tell(Scale(1, null) with { Wanted = 5 }).Run(Minute);
        Assert.Equal(5, world.Ready.Count());
    }

    [Fact]
    [Trait("Fault", "78")]
    public async Task Rollback_ToARevisionWithAFixedPort_ComesBackAfterARestart()
    {
        await using var bench = new DeploymentBench().Run();
        bench.Host.Placement = new() { MaxInstances = 1, Reason = "its port is fixed" };
        var good = await bench.DeployAsync(bench.Source(1));
        bench.Host.Placement = Hosts.PlacementAnswer.Unlimited;
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Code(500);
        var bad = bench.Deployments.DeployAsync(bench.Source(2), TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => bench.Host.Started.Count == 2, "the start of the bad revision");
        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", new ScaleRange(1, 6), TestContext.Current.CancellationToken));
        await bench.UntilAsync(() => bad.IsFaulted && bench.Snapshot.Instances.Length == 1, "the rollback", TimeSpan.FromMilliseconds(500));
        await bench.EndAsync();

        bench.Run();
        bench.Host.Placement = new() { MaxInstances = 1, Reason = "its port is fixed" };
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");

        Assert.Equal(good.ServingRevision, bench.Snapshot.ServingRevision);
        Assert.Equal((1, 1), (bench.Snapshot.WantedInstances, bench.Snapshot.ReadyInstances));
    }

    private static DeploymentEvent.ScaleWanted Scale(int of, ScaleRange? range)
        => new(range?.Clamp(1) ?? 1, int.MaxValue, "", [9], range, MachineWorld.Revision(of));
}
