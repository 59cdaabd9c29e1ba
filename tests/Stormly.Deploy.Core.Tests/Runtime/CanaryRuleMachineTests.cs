using Stormly.Deploy.Rollout;
using static Stormly.Deploy.Runtime.CanaryWorld;

namespace Stormly.Deploy.Runtime;

/// <summary>A rule decides about a canary by the figures of both sides.</summary>
public class CanaryRuleMachineTests
{
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
}
