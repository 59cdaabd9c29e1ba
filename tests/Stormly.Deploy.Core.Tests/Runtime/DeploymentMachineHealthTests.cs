using Stormly.Deploy.Health;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

public class DeploymentMachineHealthTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("Fault", "15")]
    public void Kill_OneOfThree_IsOutOfRoutingAtOnceAndReplacedWithoutDelay()
    {
        var world = new MachineWorld().Deploy(1, wanted: 3).Run(Minute);
        var victim = world.Ready.First().Id;
        var killed = world.Now;

        world.Kill(victim);

        Assert.DoesNotContain(victim, RoutePlan.Of(world.State, world.Now).Targets);
        Assert.Equal(2, RoutePlan.Of(world.State, world.Now).Targets.Length);
        Assert.Equal(killed, world.Starts[^1]);
        world.Run(Minute);
        Assert.Equal(3, world.Ready.Count());
        Assert.Equal(4, world.Starts.Count);
    }

    [Fact]
    [Trait("Fault", "17")]
    public void Status_500Once_ReplacesWithTheSubstituteServingFirst()
    {
        var world = new MachineWorld { Status = (n, now) => n == 1 && now > TimeSpan.FromSeconds(30) ? 500 : 200 }.Deploy(1, wanted: 2).Run(TimeSpan.FromSeconds(30));
        var sick = new InstanceId("churn-00000001");
        var routed = new List<int>();
        for (var i = 0; i < 200; i++)
        {
            world.Run(TimeSpan.FromMilliseconds(100));
            routed.Add(RoutePlan.Of(world.State, world.Now).Targets.Length);
        }

        var stop = world.Effects.First(e => e.Effect is DeploymentEffect.Stop s && s.Id == sick);
        var promoted = world.Effects.First(e => e.Effect is DeploymentEffect.Record { Kind: DecisionKind.Promote, Subject: "churn-00000003" });
        Assert.True(promoted.At <= stop.At);
        Assert.True(((DeploymentEffect.Stop)stop.Effect).Drain);
        Assert.Equal(3, world.Starts.Count);
        Assert.DoesNotContain(0, routed);
        Assert.Equal(2, world.Ready.Count());
    }

    [Fact]
    [Trait("Fault", "17")]
    public void Status_LastOneSickAndNoSubstituteStarts_StaysInRoutingAndComesBackWhenGood()
    {
        var world = new MachineWorld { Exit = n => n > 1 ? (TimeSpan.FromMilliseconds(20), 1) : null };
        world.Status = (n, now) => n > 1 ? 0 : now > TimeSpan.FromSeconds(30) && now < Minute * 2 ? 500 : 200;
        world.Deploy(1).Run(Minute);

        Assert.Equal([new InstanceId("churn-00000001")], RoutePlan.Of(world.State, world.Now).Targets);
        Assert.DoesNotContain(world.Effects, e => e.Effect is DeploymentEffect.Stop s && s.Id.Value == "churn-00000001");

        world.Run(Minute * 10);
        Assert.Equal(InstancePhase.Ready, world.State.Instances.First(i => i.Id.Value == "churn-00000001").Phase);
        Assert.Contains(world.Decisions, d => d.Contains("put churn-00000001 back", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "18")]
    public void Status_AlternatingForever_RestartsAreBoundedByTheBackOff()
    {
        var good = new Dictionary<int, int>();
        var world = new MachineWorld { Status = (n, _) => (good[n] = good.GetValueOrDefault(n) + 1) % 2 == 0 ? 500 : 200 }.Deploy(1).Run(Minute * 30);

        Assert.InRange(world.Starts.Count, 3, 20);
        Assert.True(world.MostAlive <= 2);
    }

    [Fact]
    [Trait("Fault", "19")]
    [Trait("Fault", "20")]
    public void Status_HangsForGood_IsReplacedAfterThreeMissesAndOnlyOnce()
    {
        var world = new MachineWorld { Status = (n, now) => n == 1 && now > TimeSpan.FromSeconds(30) ? 0 : 200 }.Deploy(1, wanted: 2).Run(Minute * 5);

        Assert.Equal(3, world.Starts.Count);
        Assert.Contains(world.Decisions, d => d.Contains("3 misses in a row", StringComparison.Ordinal));
        Assert.Equal(2, world.Ready.Count());
    }

    [Fact]
    [Trait("Fault", "19")]
    public void Status_TwoMissesThenGood_ReplacesNothing()
    {
        var asked = 0;
        var world = new MachineWorld { Status = (n, now) => n == 1 && now > TimeSpan.FromSeconds(30) && asked++ < 2 ? 0 : 200 }.Deploy(1).Run(Minute * 5);

        Assert.Single(world.Starts);
        Assert.Single(world.Ready);
    }

    [Fact]
    [Trait("Fault", "21")]
    public void Status_AllHang_AreReplacedOneAtATimeAndRequestsAreToldWhenToComeBack()
    {
        var world = new MachineWorld { Status = (n, now) => n <= 3 && now > TimeSpan.FromSeconds(30) ? 0 : 200, StopTakes = TimeSpan.FromSeconds(2) };
        world.Deploy(1, wanted: 3).Run(TimeSpan.FromSeconds(30));
        world.LaunchTakes = TimeSpan.FromSeconds(3);
        RoutePlan? broken = null;
        for (var i = 0; i < 1200; i++)
        {
            world.Run(TimeSpan.FromMilliseconds(100));
            var plan = RoutePlan.Of(world.State, world.Now);
            broken ??= plan.Targets.IsEmpty ? plan : null;
        }

        Assert.True(world.MostAlive <= 4, $"{world.MostAlive} lived at once");
        Assert.Equal(RouteAvailability.Unavailable, broken?.Availability);
        Assert.NotNull(broken!.RetryAfter);
        world.Run(Minute);
        Assert.Equal(3, world.Ready.Count());
        Assert.Equal(6, world.Starts.Count);
    }

    [Fact]
    [Trait("Fault", "47")]
    [Trait("Fault", "52")]
    [Trait("Fault", "53")]
    public void Pause_OfTheWholeHost_ReplacesNothing()
    {
        for (var offset = 0; offset < 20; offset++)
        {
            var pause = Minute + TimeSpan.FromSeconds(offset);
            var world = new MachineWorld { Pause = (pause, Minute), Status = (_, now) => now >= pause - TimeSpan.FromSeconds(5) && now < pause ? 0 : 200 };
            world.Deploy(1, wanted: 3).Run(Minute * 10);

            Assert.Equal(3, world.Starts.Count);
            Assert.Equal(3, world.Ready.Count());
        }
    }

    [Fact]
    [Trait("Fault", "48")]
    public void WallClock_JumpsTwoDays_ChangesNothing()
    {
        var world = new MachineWorld().Deploy(1, wanted: 2).Run(Minute);
        var machine = new DeploymentMachine(new MachineSettings { Start = new(), StatusCheck = new(), BackOff = new(), Rollout = new(), Outlier = new(), NewId = InstanceId.New });

        foreach (var jump in new[] { TimeSpan.FromDays(2), TimeSpan.FromDays(-2) })
        {
            var (state, effects) = machine.Apply(world.State, new DeploymentEvent.Tick(), new Moment(world.Now, DateTimeOffset.UnixEpoch.AddYears(50) + jump));
            Assert.Equal(world.State, state);
            Assert.Empty(effects);
        }
    }

    [Fact]
    public void CrashLoop_OfARevisionThatServed_StartsAtMostSevenTimesInAMinuteAndGoesOn()
    {
        var world = new MachineWorld().Deploy(1).Run(Minute);
        world.Exit = _ => (TimeSpan.FromMilliseconds(20), 1);
        world.Status = (_, _) => 0;
        var before = world.Starts.Count;
        world.Kill(world.Ready.First().Id);

        Assert.InRange(world.Run(Minute).Starts.Count - before, 5, 7);
        var later = world.Run(Minute * 30).Starts;
        Assert.All(later.Skip(12).Zip(later.Skip(13)), pair => Assert.True(pair.Second - pair.First <= Minute * 6.1));
        Assert.Null(world.State.Failure);

        world.Exit = _ => null;
        world.Status = (_, _) => 200;
        Assert.Single(world.Run(Minute * 7).Ready);
    }

    [Fact]
    [Trait("Fault", "80")]
    public void Stop_DuringBackOff_IsOverAtOnce()
    {
        var world = new MachineWorld().Deploy(1).Run(Minute);
        world.Exit = _ => (TimeSpan.FromMilliseconds(20), 1);
        world.Status = (_, _) => 0;
        world.Kill(world.Ready.First().Id).Run(Minute);
        Assert.NotEmpty(world.State.Vacancies);
        var starts = world.Starts.Count;

        world.Tell(new DeploymentEvent.StopWanted());

        Assert.Equal(DeploymentMode.Over, world.State.Mode);
        Assert.Equal(starts, world.Run(Minute * 30).Starts.Count);
    }

    [Fact]
    public void Trouble_MetByRequests_ChecksAtOnceButNotForEveryRequest()
    {
        var world = new MachineWorld().Deploy(1).Run(TimeSpan.FromSeconds(5));
        var id = world.Ready.First().Id;
        var before = world.Effects.Count(e => e.Effect is DeploymentEffect.Probe);

        for (var i = 0; i < 100; i++)
        {
            world.Tell(new DeploymentEvent.Troubled(id, "refused")).Run(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(world.Effects.Count(e => e.Effect is DeploymentEffect.Probe) - before, 1, 2);
    }

    [Fact]
    public void BackOff_LongGoodService_ForgetsEarlierFailures()
    {
        var options = new BackOffOptions();
        var (third, _) = BackOffPolicy.OnFailure(options, new BackOffState { Failures = 5 }, Minute, 0, Minute);
        var (forgotten, delay) = BackOffPolicy.OnFailure(options, third, options.ForgottenAfter, 0, Minute);

        Assert.Equal(6, third.Failures);
        Assert.Equal(1, forgotten.Failures);
        Assert.Equal(TimeSpan.Zero, delay);
    }

    [Fact]
    public void BackOff_Delays_AreAtOnceThenDoubleToTheLongestAndJitterOnlyAdds()
    {
        var options = new BackOffOptions();
        var state = BackOffState.None;
        var delays = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            (state, var delay) = BackOffPolicy.OnFailure(options, state, TimeSpan.Zero, 0, TimeSpan.Zero);
            delays.Add(delay.TotalSeconds);
        }

        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300], delays);
        Assert.Equal(1.2, BackOffPolicy.OnFailure(options, new BackOffState { Failures = 1 }, TimeSpan.Zero, 1, TimeSpan.Zero).Delay.TotalSeconds);
    }
}
