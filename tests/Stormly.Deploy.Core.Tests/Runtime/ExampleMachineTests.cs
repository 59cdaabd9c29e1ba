using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <summary>Examples that stand between a ready instance and its first request, as played timelines.</summary>
public class ExampleMachineTests
{
    private static readonly ExampleOutcome Good = new(3, null, Blocks: false, null);
    private static readonly ExampleOutcome Bad = new(3, "the example \"a\" = 1 failed: it was answered with code 500", Blocks: true, null);
    private static readonly ExampleOutcome Warned = Bad with { Blocks = false };

    [Fact]
    public void Ready_BeforeItsExamplesWereRun_TakesNoRequestsAndIsAskedNoMore()
    {
        var world = Serving(1);
        world.Examples = _ => null;
        world.Deploy(2, ticket: 2).Run(TimeSpan.FromSeconds(3));

        var waiting = Assert.Single(world.State.Instances, i => i.Revision == MachineWorld.Revision(2));
        Assert.Equal((InstancePhase.Starting, true, true), (waiting.Phase, waiting.AwaitsExamples, waiting.Verifying));
        Assert.DoesNotContain(waiting.Id, RoutePlan.Of(world.State, world.Now).Targets);
        var probes = world.Effects.Count(e => e.Effect is DeploymentEffect.Probe p && p.Id == waiting.Id);
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(probes, world.Effects.Count(e => e.Effect is DeploymentEffect.Probe p && p.Id == waiting.Id));
        Assert.All(world.Ready, i => Assert.Equal(MachineWorld.Revision(1), i.Revision));

        world.Tell(new DeploymentEvent.Verified(waiting.Id, Good)).Run(TimeSpan.FromSeconds(5));

        Assert.All(world.Ready, i => Assert.Equal(MachineWorld.Revision(2), i.Revision));
        Assert.Empty(world.Refused);
        Assert.Contains(world.Decisions, d => d.Contains("3 request(s) of its examples were answered as they should be", StringComparison.Ordinal));
    }

    [Fact]
    public void Blocked_OldRevisionServesOn_TheCallEndsAtOnceAndNothingIsStartedAgain()
    {
        var world = Serving(2);
        world.Examples = _ => Bad;
        world.WatchReady();
        var starts = world.Starts.Count;
        world.Deploy(2, wanted: 2, ticket: 2).Run(TimeSpan.FromMinutes(30));

        var refused = Assert.Single(world.Refused);
        Assert.Equal([2L], refused.Tickets);
        Assert.Equal(Bad.Problem, refused.Failure!.Reason);
        Assert.Equal("last words", refused.Failure.OutputTail);
        Assert.Equal(starts + 1, world.Starts.Count);
        Assert.Equal(2, world.LeastReady);
        Assert.All(world.State.Instances, i => Assert.Equal(MachineWorld.Revision(1), i.Revision));
        Assert.Equal(Bad.Problem + "; its last output: last words", world.State.Revisions.Single(r => r.Id == MachineWorld.Revision(2)).Failure);
        Assert.Contains(world.Effects, e => e.Effect is DeploymentEffect.Record { Kind: DecisionKind.Verify, Trouble: true });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Blocked_NothingServedBefore_TheDeploymentHasFailed(bool keepTrying)
    {
        var world = new MachineWorld(verifyExamples: true) { Examples = _ => Bad };
        world.Deploy(1, ticket: keepTrying ? 0 : 1, keepTrying: keepTrying).Run(TimeSpan.FromMinutes(30));

        Assert.Single(world.Starts);
        Assert.Equal(Bad.Problem, world.State.Failure);
        Assert.Empty(world.State.Instances);
    }

    [Fact]
    public void Blocked_DeployedAgain_IsTriedAgain()
    {
        var world = Serving(1);
        world.Examples = _ => Bad;
        world.Deploy(2, ticket: 2).Run(TimeSpan.FromMinutes(1));
        world.Examples = _ => Good;
        world.Deploy(2, ticket: 3).Run(TimeSpan.FromMinutes(1));

        Assert.All(world.Ready, i => Assert.Equal(MachineWorld.Revision(2), i.Revision));
    }

    [Fact]
    public void Warned_GoesOnWithADecisionAndAWarning()
    {
        var world = Serving(1);
        world.Examples = _ => Warned;
        world.Deploy(2, ticket: 2).Run(TimeSpan.FromMinutes(1));

        Assert.All(world.Ready, i => Assert.Equal(MachineWorld.Revision(2), i.Revision));
        Assert.Empty(world.Refused);
        var record = Assert.Single(world.Effects.Select(e => e.Effect).OfType<DeploymentEffect.Record>(), r => r is { Kind: DecisionKind.Verify, Trouble: true });
        Assert.Contains("although an example failed", record.What, StringComparison.Ordinal);
        Assert.Contains("code 500", record.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralInstances_OneIsAskedAndAllWait()
    {
        var world = new MachineWorld(rollout: new RolloutOptions { MaxSurge = 3 }, verifyExamples: true) { Examples = _ => null };
        world.Deploy(1, wanted: 3).Run(TimeSpan.FromSeconds(5));

        Assert.Equal(3, world.State.Instances.Count(i => i.AwaitsExamples));
        var verified = Assert.Single(world.Effects.Select(e => e.Effect).OfType<DeploymentEffect.Verify>());
        Assert.Empty(world.Ready);

        world.Tell(new DeploymentEvent.Verified(verified.Id, Good));

        Assert.Equal(3, world.Ready.Count());
    }

    [Fact]
    public void TheOneThatIsAsked_Dies_TheNextOneIsAsked()
    {
        var world = new MachineWorld(rollout: new RolloutOptions { MaxSurge = 2 }, verifyExamples: true) { Examples = _ => null };
        world.Deploy(1, wanted: 2).Run(TimeSpan.FromSeconds(5));
        var first = world.Effects.Select(e => e.Effect).OfType<DeploymentEffect.Verify>().Single().Id;

        world.Kill(first);
        world.Tell(new DeploymentEvent.Verified(first, Bad));

        var second = world.Effects.Select(e => e.Effect).OfType<DeploymentEffect.Verify>().Last().Id;
        Assert.NotEqual(first, second);
        Assert.Null(world.State.Failure);
        world.Examples = _ => Good;
        world.Tell(new DeploymentEvent.Verified(second, Good)).Run(TimeSpan.FromMinutes(1));
        Assert.Equal(2, world.Ready.Count());
    }

    [Fact]
    public void NewerDeploy_WhileExamplesAreRun_TakesTheirInstanceAway()
    {
        var world = Serving(1);
        world.Examples = n => n == 2 ? null : Good;
        world.Deploy(2, ticket: 2).Run(TimeSpan.FromSeconds(3));
        world.Deploy(3, ticket: 3).Run(TimeSpan.FromMinutes(1));

        Assert.All(world.State.Instances, i => Assert.Equal(MachineWorld.Revision(3), i.Revision));
        Assert.Equal([2L], Assert.Single(world.Refused).Tickets);
    }

    [Fact]
    public void RevisionThatServed_SubstitutesRollbacksAndMoreInstances_AreNotAskedAgain()
    {
        var world = Serving(1);
        world.Deploy(2, ticket: 2).Run(TimeSpan.FromMinutes(1));
        world.Examples = _ => Bad;
        world.Kill(world.Ready.First().Id).Run(TimeSpan.FromMinutes(1));
        world.Tell(new DeploymentEvent.ScaleWanted(3, int.MaxValue, "", [3])).Run(TimeSpan.FromMinutes(1));
        Assert.Equal(3, world.Ready.Count());

        world.Tell(new DeploymentEvent.DeployWanted(MachineWorld.Goal(1, 1), [4], false, Back: true)).Run(TimeSpan.FromMinutes(1));

        Assert.All(world.Ready, i => Assert.Equal(MachineWorld.Revision(1), i.Revision));
        Assert.Empty(world.Refused);
        Assert.Equal(2, world.Effects.Count(e => e.Effect is DeploymentEffect.Verify));
    }

    [Fact]
    public void Canary_WhoseExamplesAreWrong_IsAbortedBeforeItGetsARequest()
    {
        var world = Serving(2);
        world.Examples = _ => Bad;
        world.Tell(new DeploymentEvent.CanaryWanted(MachineWorld.Goal(2, 1), new CanarySpec(), [2])).Run(TimeSpan.FromMinutes(5));

        Assert.Null(world.State.Canary);
        Assert.Equal(Bad.Problem, Assert.Single(world.Refused).Failure!.Reason);
        Assert.Equal(2, world.Ready.Count());
        Assert.DoesNotContain(world.Decisions, d => d.Contains("of the requests to revision", StringComparison.Ordinal));
    }

    [Fact]
    public void Restored_RevisionOfAnEarlierRun_IsNotAskedAgain()
    {
        var world = new MachineWorld(verifyExamples: true) { Examples = _ => Bad };
        world.Tell(new DeploymentEvent.Restored(MachineWorld.Goal(1, 1))).Run(TimeSpan.FromMinutes(1));

        Assert.Single(world.Ready);
        Assert.DoesNotContain(world.Effects, e => e.Effect is DeploymentEffect.Verify);
    }

    [Fact]
    public void Stop_WhileExamplesAreRun_EndsEverything()
    {
        var world = new MachineWorld(verifyExamples: true) { Examples = _ => null };
        world.Deploy(1).Run(TimeSpan.FromSeconds(5));
        world.Tell(new DeploymentEvent.StopWanted()).Run(TimeSpan.FromMinutes(1));

        Assert.Equal(DeploymentMode.Over, world.State.Mode);
    }

    private static MachineWorld Serving(int wanted) => new MachineWorld(verifyExamples: true).Deploy(1, wanted).Run(TimeSpan.FromMinutes(1));
}
