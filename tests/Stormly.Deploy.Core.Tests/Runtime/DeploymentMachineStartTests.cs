using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

public class DeploymentMachineStartTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("Fault", "77")]
    public void Start_NotInTime_TheDecisionAndWhatIsKeptOfTheRevisionNameTheCause()
    {
        var world = new MachineWorld { Status = (n, _) => n == 1 ? 200 : 500 }.Deploy(1).Run(Minute);

        world.Deploy(2, ticket: 0).Run(Minute * 20);

        const string Cause = "0 of 1 instances became ready, and none more in time; the last that was seen: it did not answer its status check with 200 within 300 s; the last of ";
        Assert.Contains(world.Decisions, d => d.StartsWith("give up revision", StringComparison.Ordinal) && d.Contains(Cause, StringComparison.Ordinal) && d.Contains("500", StringComparison.Ordinal));
        Assert.StartsWith(Cause, world.State.Revisions.Single(r => r.Failure is not null).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_TimeIsUpBeforeTheFirstFailure_TheCallNamesTheInstanceAndWhatWasSeen()
    {
        var world = new MachineWorld(rollout: new() { ProgressSlack = TimeSpan.Zero }) { Status = (_, _) => 500 }.Deploy(1).Run(Minute * 20);

        var refusal = Assert.Single(world.Refused);
        Assert.NotNull(refusal.Failure);
        Assert.Contains("500", refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ended by itself with exit code 3.", 3, "ended by itself with exit code 3; its last output: words")]
    [InlineData("ended by itself with exit code 0.", 0, "ended by itself with exit code 0: it ended although it should keep running; its last output: words")]
    [InlineData("ended although it should keep running (exit code 0).", 0, "ended although it should keep running (exit code 0); its last output: words")]
    public void Exited_ReasonIsAWholeSentence_BecomesAPartOfOthers(string reason, int code, string told)
    {
        var world = new MachineWorld().Deploy(1).Run(Minute);
        var id = Assert.Single(world.Ready).Id;

        world.Tell(new DeploymentEvent.Exited(id, new InstanceExit { ExitCode = code, Cause = ExitCause.OnItsOwn, Reason = reason, OutputTail = "words" }));

        Assert.Contains($"{id} ended: {told}", world.Decisions);
    }

    [Fact]
    [Trait("Fault", "7")]
    [Trait("Fault", "8")]
    public void Start_SlowWith500First_StaysStartingUntil200AndIsNotRestarted()
    {
        var world = new MachineWorld { Status = (_, now) => now < TimeSpan.FromMinutes(4) ? 500 : 200 }.Deploy(1);

        world.Run(Minute);
        Assert.Equal(InstancePhase.Starting, Assert.Single(world.State.Instances).Phase);
        Assert.Equal(Routing.RouteAvailability.ColdStart, RoutePlan.Of(world.State, world.Now).Availability);

        world.Run(Minute * 4);
        Assert.Single(world.Ready);
        Assert.Single(world.Starts);
        Assert.Single(world.Stored);
    }

    [Theory]
    [Trait("Fault", "5")]
    [Trait("Fault", "6")]
    [InlineData(0)]
    [InlineData(404)]
    public void Start_Never200_EndsTheDeployWithTheReasonAndNothingRuns(int answer)
    {
        var world = new MachineWorld { Status = (_, _) => answer }.Deploy(1).Run(Minute * 20);

        var refusal = Assert.Single(world.Refused);
        Assert.Contains("within 300 s", refusal.Failure!.Reason, StringComparison.Ordinal);
        Assert.Equal("last words", refusal.Failure.OutputTail);
        Assert.Empty(world.State.Instances);
        Assert.NotNull(world.State.Failure);
        Assert.Empty(world.Stored);
        Assert.Equal(DeploymentPhase.Failed, SnapshotView.Of(world.State, [], 1).Phase);
    }

    [Theory]
    [Trait("Fault", "2")]
    [Trait("Fault", "3")]
    [InlineData(3, "exit code 3")]
    [InlineData(0, "although it should keep running")]
    public void Start_ExitsAtOnce_IsTriedAFewTimesThenGivenUpAndCanBeDeployedAgain(int code, string expected)
    {
        var world = new MachineWorld { Exit = n => n <= 3 ? (TimeSpan.FromMilliseconds(50), code) : null, Status = (n, _) => n <= 3 ? 0 : 200 }.Deploy(1).Run(Minute);

        Assert.Equal(3, world.Starts.Count);
        Assert.Contains(expected, Assert.Single(world.Refused).Reason, StringComparison.Ordinal);
        Assert.Contains("crash loop", world.State.Failure, StringComparison.Ordinal);
        Assert.Empty(world.State.Instances);

        world.Deploy(1, ticket: 2).Run(Minute);
        Assert.Single(world.Ready);
    }

    [Fact]
    [Trait("Fault", "9")]
    public void Start_ListensElsewhere_IsGivenUpWithoutAnotherStart()
    {
        var world = new MachineWorld { Status = (_, _) => 0, Listener = _ => ListenerVerdict.Elsewhere }.Deploy(1).Run(Minute * 20);

        Assert.Single(world.Starts);
        Assert.Single(world.Refused);
        Assert.Empty(world.State.Instances);
    }

    [Fact]
    [Trait("Fault", "10")]
    [Trait("Fault", "11")]
    public void Start_StrangerHoldsThePort_IsRepeatedElsewhereAtOnceAndNotCounted()
    {
        var world = new MachineWorld { Listener = n => n <= 3 ? ListenerVerdict.Stranger : ListenerVerdict.Ours }.Deploy(1).Run(TimeSpan.FromSeconds(5));

        Assert.Equal(4, world.Starts.Count);
        Assert.Equal(0, Assert.Single(world.Ready).Line.Failures);
        Assert.DoesNotContain(world.Effects, e => e.Effect is DeploymentEffect.Record { Kind: DecisionKind.Promote, Subject: "churn-00000001" });
        Assert.Empty(world.Refused);
    }

    [Fact]
    [Trait("Fault", "10")]
    public void Start_StrangersOnEveryPort_FailsInTheEnd()
    {
        var world = new MachineWorld { Listener = _ => ListenerVerdict.Stranger }.Deploy(1).Run(Minute);

        Assert.Single(world.Refused);
        Assert.Empty(world.State.Instances);
        Assert.False(world.State.EverReady);
    }

    [Theory]
    [Trait("Fault", "12")]
    [InlineData(-1000)]
    [InlineData(-5)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1000)]
    public void Start_ReadyAsTheDeadlinePasses_HasOneOutcomeAndLeavesNothingOver(int milliseconds)
    {
        var world = new MachineWorld();
        var deadline = world.LaunchTakes + world.Start.Deadline;
        world.Status = (n, now) => n == 1 && now < deadline + TimeSpan.FromMilliseconds(milliseconds) ? 503 : 200;
        world.Deploy(1).Run(world.Start.Deadline + Minute);

        var first = world.Effects.Where(e => e.Effect is DeploymentEffect.Record { Subject: "churn-00000001" }).Select(e => (DeploymentEffect.Record)e.Effect).ToList();
        var (promoted, failed) = (first.Count(r => r.Kind == DecisionKind.Promote), first.Count(r => r.Kind == DecisionKind.BackOff));
        Assert.True(promoted + failed == 1, string.Join("\n", first));
        Assert.Equal(failed, world.Effects.Count(e => e.Effect is DeploymentEffect.Stop { Id.Value: "churn-00000001" }));
        Assert.Equal(1 + failed, world.Starts.Count);
        Assert.Equal(failed == 0, Assert.Single(world.Ready).Id.Value == "churn-00000001");
        Assert.Single(world.State.Instances);
        Assert.Empty(world.Refused);
    }

    [Fact]
    [Trait("Fault", "14")]
    [Trait("Fault", "78")]
    public void Deploy_ManyAtOnce_TheLastOneWinsAndTheOthersAreTold()
    {
        var world = new MachineWorld();
        for (var i = 1; i <= 100; i++)
        {
            world.Deploy(i, wanted: 2, ticket: i).Run(TimeSpan.FromMilliseconds(100));
        }

        world.Run(Minute);
        Assert.Equal(99, world.Refused.Count + world.Stored.Count(s => s.Goal!.Revision != MachineWorld.Revision(100)));
        Assert.All(world.Ready, i => Assert.Equal(MachineWorld.Revision(100), i.Revision));
        Assert.Equal(2, world.State.Instances.Length);
        Assert.True(world.MostAlive <= 3, $"{world.MostAlive} lived at once");
    }

    [Fact]
    [Trait("Fault", "2")]
    public void Registered_NeverServed_IsTriedOnWithEverLongerWaits()
    {
        var world = new MachineWorld { Exit = _ => (TimeSpan.FromMilliseconds(20), 1), Status = (_, _) => 0 }.Deploy(1, ticket: 0, keepTrying: true).Run(Minute);

        Assert.InRange(world.Starts.Count, 5, 7);
        Assert.Null(world.State.Failure);
        Assert.Equal(DeploymentPhase.BackingOff, SnapshotView.Of(world.State, [], 1).Phase);
        Assert.NotNull(RoutePlan.Of(world.State, world.Now).RetryAfter);
    }
}
