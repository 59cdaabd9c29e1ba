using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Health;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Outside;

/// <summary>Active and passive health. dotnet/yarp, test/ReverseProxy.Tests/Health/, LoadBalancing/LoadBalancingPoliciesTests.cs, FunctionalTests/PassiveHealthCheckTests.cs.</summary>
public class YarpHealthTests
{
    private static readonly OutlierOptions Rate = new() { ConsecutiveFailures = int.MaxValue, MinimumRequests = 1, FailureRate = 0.5, Window = TimeSpan.FromSeconds(30) };

    /// <summary>Each step is seconds, then + or - for each request then; the last failure decides.</summary>
    [Theory]
    [Trait("Fault", "22")]
    [InlineData("0+ 4+ 8+ 12- 16- 20-", OutlierVerdict.Eject)] // RequestProxied_FailureRateLimitExceeded: 3 of 6
    [InlineData("0+ 4+ 8+ 12- 16-", OutlierVerdict.Keep)] // 2 of 5
    [InlineData("0- 1- 2+ 7+ 12+ 17+ 32+ 33+ 33-", OutlierVerdict.Keep)] // RequestProxied_FailureMovedOutOfDetectionWindow
    [InlineData("0-", OutlierVerdict.Eject)] // the very first request fails
    [InlineData("0+ 0+ 0-", OutlierVerdict.Keep)] // RequestProxied_MultipleConcurrentRequests: 1 of 3 at the same moment
    [InlineData("0+ 0+ 0- 0-", OutlierVerdict.Eject)] // 2 of 4 at the same moment
    public void Decide_FailureRateWithinTheWindow_DecidesAtTheLastRequest(string requests, OutlierVerdict expected)
    {
        var (state, good, bad, verdict) = (OutlierState.Fresh, 0, 0, OutlierVerdict.Keep);
        foreach (var request in requests.Split(' '))
        {
            (good, bad) = request[^1] == '+' ? (good + 1, bad) : (good, bad + 1);
            var now = TimeSpan.FromSeconds(int.Parse(request[..^1], null));
            (state, verdict) = Judge(state, new(good, bad, request[^1] == '-' ? 1 : 0), now);
        }

        Assert.Equal(expected, verdict);
    }

    /// <summary>YARP waits at least as long as the window before it reactivates. Here the window begins anew with the return, so a short ejection needs no such rule.</summary>
    [Fact]
    [Trait("Source", "RequestProxied_FailedAndReactivationLessDetection_UseDetectionPeriodForReactivation")]
    public void Decide_EjectionShorterThanTheWindow_Differs_EndsInItsOwnTimeAndForgetsTheWindow()
    {
        var options = new OutlierOptions { MinimumRequests = 1, BaseEjection = TimeSpan.FromSeconds(1) };
        var ejected = OutlierPolicy.Decide(options, OutlierState.Fresh, new(0, 2, 2), 1, TimeSpan.Zero).State;

        var back = OutlierPolicy.Decide(options, ejected, default, 1, TimeSpan.FromSeconds(1));

        Assert.Equal(OutlierVerdict.Return, back.Verdict);
        Assert.Empty(back.State.Samples);
        Assert.Equal(OutlierVerdict.Keep, OutlierPolicy.Decide(options, back.State, new(3, 0, 0), 1, TimeSpan.FromSeconds(2)).Verdict);
    }

    /// <summary>ConsecutiveFailuresHealthPolicy: so many failures in a row, the first success heals. Any code but 200 is its own threshold here, 1 by default.</summary>
    [Theory]
    [Trait("Fault", "17")]
    [Trait("Fault", "18")]
    [Trait("Fault", "19")]
    [InlineData(2, "-+-", false)]
    [InlineData(2, "--", true)]
    [InlineData(3, "--+--", false)]
    [InlineData(3, "---", true)]
    [InlineData(1, "-", true)]
    public void Judge_ChecksInARow_ReplacesAtTheThresholdAndOneGoodBeginsAnew(int threshold, string checks, bool replaced)
    {
        var options = new StatusCheckOptions { Misses = threshold, BadAnswers = threshold };
        foreach (var bad in new[] { ProbeAnswer.NoAnswer, ProbeAnswer.BadStatus })
        {
            var (state, verdict) = (StatusCheckPolicy.Begin(options, TimeSpan.Zero), StatusVerdict.Good);
            foreach (var check in checks)
            {
                var report = new ProbeReport(check == '+' ? ProbeAnswer.Good : bad, check == '+' ? 200 : 500, "", state.NextAt, state.NextAt, state.NextAt);
                (state, var decision) = StatusCheckPolicy.Judge(options, state, report, state.NextAt);
                verdict = decision.Verdict;
            }

            Assert.Equal(replaced, verdict == StatusVerdict.Replace);
        }
    }

    /// <summary>
    /// HealthyAndUnknown and HealthyOrPanic: who may get requests. r ready, o ready but ejected, s sick but answering, x sick and silent, d dying, b booting.
    /// YARP's panic takes all there are; here only those that answer at all.
    /// </summary>
    [Theory]
    [Trait("Fault", "21")]
    [InlineData("rr", "01")]
    [InlineData("ros", "0")]
    [InlineData("rxb", "0")]
    [InlineData("os", "01")]
    [InlineData("sx", "0")]
    [InlineData("xx", "")]
    [InlineData("db", "")]
    [InlineData("", "")]
    public void RoutePlan_HealthyOnesFirst_ElseThoseThatAnswer(string fleet, string expected)
    {
        var state = new DeploymentState { Plugin = PluginName.Parse("churn"), Goal = MachineWorld.Goal(1, 3), EverReady = true, Instances = [.. fleet.Select(Make)] };

        var plan = RoutePlan.Of(state, TimeSpan.Zero);

        Assert.Equal(expected, string.Concat(plan.Targets.Select(t => t.Value[^1])));
        Assert.Equal(expected.Length > 0 ? RouteAvailability.Serving : RouteAvailability.Unavailable, plan.Availability);
        Assert.True(expected.Length > 0 || plan.RetryAfter is not null);
    }

    [Fact]
    [Trait("Fault", "71")]
    [Trait("Source", "PassiveHealthCheckTests.PassiveHealthChecksEnabled_IncompleteClientRequests_NotMarkedUnhealthy, PassiveHealthCheckMiddlewareTests")]
    public async Task Send_ManyClientsGoAway_TheInstanceIsNotBlamed()
    {
        using var world = new RoutingWorld();
        var instances = new ScriptedCaller();
        var client = new PluginClient(
            world.Table, world.Router, instances, Options.Create(world.Options), Options.Create(new RequestOptions()), world.Time, world.Metrics, NullLogger<PluginClient>.Instance);
        var target = world.MakeTarget(1);
        world.Publish(RouteAvailability.Serving, target);
        instances.Answer(1, () => CallOutcome.Failed(CallResult.Cancelled, "the caller gave up"));

        for (var i = 0; i < 42; i++)
        {
            using var response = await client.SendAsync("churn", "{\"props\":{}}"u8.ToArray(), null, TestContext.Current.CancellationToken);
            Assert.Equal(PluginOutcome.Cancelled, response.Outcome);
        }

        Assert.Equal(default, target.ReadTraffic());
        Assert.Empty(world.ReadSignals());
        Assert.Equal(0, target.InFlight);
    }

    [Theory]
    [Trait("Fault", "22")]
    [Trait("Source", "PassiveHealthChecksEnabled_MultipleDestinationFailures_ProxyReturnsServiceUnavailable: which errors count")]
    [InlineData(nameof(CallResult.TimedOut), true)]
    [InlineData(nameof(CallResult.ConnectionLost), true)]
    [InlineData(nameof(CallResult.NotConnected), true)]
    [InlineData(nameof(CallResult.NotHttp), true)]
    [InlineData(nameof(CallResult.TooLarge), true)]
    [InlineData(nameof(CallResult.Cancelled), false)]
    public async Task Send_KindsOfFailure_CountAgainstTheInstanceUnlessTheCallerLeft(string kind, bool counts)
    {
        using var world = new RoutingWorld(o => o.ConnectRetries = 0);
        var instances = new ScriptedCaller();
        var client = new PluginClient(
            world.Table, world.Router, instances, Options.Create(world.Options), Options.Create(new RequestOptions()), world.Time, world.Metrics, NullLogger<PluginClient>.Instance);
        var (first, second) = (world.MakeTarget(1), world.MakeTarget(1));
        world.Publish(RouteAvailability.Serving, first, second);
        instances.Answer(1, () => CallOutcome.Failed(Enum.Parse<CallResult>(kind), "seen"));

        using var response = await client.SendAsync("churn", "{\"props\":{}}"u8.ToArray(), null, TestContext.Current.CancellationToken);

        Assert.Equal(counts, first.ReadTraffic().Failures + second.ReadTraffic().Failures > 0);
        Assert.Equal(counts, world.ReadSignals().Any(s => s.Kind == RouteSignalKind.RequestFailed));
    }

    [Fact]
    [Trait("Source", "ActiveHealthCheckMonitorTests: OnClusterRemoved, OnDestinationRemoved while a probe is under way")]
    public void Probed_AfterTheInstanceLeftOrWasReplaced_ChangesNothing()
    {
        var world = new MachineWorld().Deploy(1, wanted: 2).Run(TimeSpan.FromMinutes(1));
        var gone = world.Ready.First().Id;
        world.Kill(gone).Run(TimeSpan.FromSeconds(5));
        var (before, effects) = (world.State, world.Effects.Count);

        var (now, then) = (world.Now, world.Now - TimeSpan.FromSeconds(4));
        world.Tell(new DeploymentEvent.Probed(gone, new ProbeReport(ProbeAnswer.BadStatus, 500, "answered 500", then, then, now)));

        Assert.Equal(before.Instances, world.State.Instances);
        Assert.Equal(effects, world.Effects.Count);
    }

    private static (OutlierState State, OutlierVerdict Verdict) Judge(OutlierState state, OutlierReading reading, TimeSpan now)
    {
        var decision = OutlierPolicy.Decide(Rate, state, reading, othersReady: 1, now);
        return (decision.State, decision.Verdict);
    }

    private static InstanceState Make(char kind, int number) => new()
    {
        Id = new InstanceId($"churn-0000000{number}"),
        Revision = MachineWorld.Revision(1),
        Phase = kind switch { 'r' or 'o' => InstancePhase.Ready, 's' or 'x' => InstancePhase.Suspect, 'b' => InstancePhase.Starting, _ => InstancePhase.Stopping },
        Answers = kind == 's',
        Dead = kind == 'd',
        Line = BackOffState.None,
        Started = default,
        Address = "127.0.0.1:1",
        Outlier = kind == 'o' ? new OutlierState { EjectedUntil = TimeSpan.FromHours(1), Ejections = 1 } : OutlierState.Fresh,
    };
}
