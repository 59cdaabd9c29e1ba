using Stormly.Deploy.Health;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Outside;

/// <summary>Ejection by live traffic. envoyproxy/envoy, test/common/upstream/outlier_detection_impl_test.cc.</summary>
public class EnvoyOutlierTests
{
    private static readonly OutlierOptions Options = new();

    [Theory]
    [Trait("Fault", "22")]
    [Trait("Source", "BasicFlow5xxViaHttpCodes, BasicFlowGatewayFailure, BasicFlowLocalOriginFailure")]
    [InlineData("----", OutlierVerdict.Keep)]
    [InlineData("-----", OutlierVerdict.Eject)]
    [InlineData("----+----", OutlierVerdict.Keep)] // a success begins the row anew
    [InlineData("+++++++++++++++-----", OutlierVerdict.Eject)]
    [InlineData("----+-----", OutlierVerdict.Eject)]
    public void Decide_RowOfAnswers_EjectsAtTheFifthFailureInARow(string answers, OutlierVerdict expected)
        => Assert.Equal(expected, OutlierPolicy.Decide(Options, OutlierState.Fresh, Read(answers), 4, TimeSpan.Zero).Verdict);

    [Fact]
    [Trait("Source", "BasicFlow5xxViaHttpCodes: ejected for base time x number of ejections, then counted from nothing")]
    public void Decide_EjectedTwice_IsOutTwiceAsLongAndComesBackWithAFreshCount()
    {
        var options = new OutlierOptions { ReplaceAtEjection = 10 };
        var state = OutlierState.Fresh;
        var now = TimeSpan.Zero;
        for (var ejection = 1; ejection <= 4; ejection++)
        {
            var (at, before) = (now, state);
            var outNow = OutlierPolicy.Decide(options, state, Read("-----"), 4, now);
            Assert.Equal((OutlierVerdict.Eject, at + (options.BaseEjection * ejection)), (outNow.Verdict, outNow.State.EjectedUntil));
            now = outNow.State.EjectedUntil!.Value;
            Assert.Equal(OutlierVerdict.Keep, OutlierPolicy.Decide(options, outNow.State, default, 4, now - TimeSpan.FromMilliseconds(1)).Verdict);
            state = OutlierPolicy.Decide(options, outNow.State, default, 4, now).State;
            Assert.Equal(OutlierVerdict.Keep, OutlierPolicy.Decide(options, state, Read("----"), 4, now).Verdict);
            Assert.Equal(ejection, before.Ejections + 1);
        }
    }

    /// <summary>Envoy lowers the multiplier with each interval that a host stays in. Here all ejections are forgotten at once, after a time without one.</summary>
    [Theory]
    [Trait("Fault", "22")]
    [Trait("Source", "EjectTimeBackoff")]
    [InlineData(9.9, 2)]
    [InlineData(10, 1)]
    [InlineData(60 * 24 * 30, 1)]
    public void Decide_LongAfterAnEjection_Differs_EarlierOnesAreForgottenTogether(double minutes, int ejection)
    {
        var returned = new OutlierState { Ejections = 1, ReturnedAt = TimeSpan.FromMinutes(1) };

        var decision = OutlierPolicy.Decide(Options, returned, Read("-----"), 4, TimeSpan.FromMinutes(1 + minutes));

        Assert.Equal(Options.BaseEjection * ejection, decision.State.EjectedUntil - TimeSpan.FromMinutes(1 + minutes));
    }

    /// <summary>Envoy caps the time. Here an instance that comes back as bad as it went is replaced: unlike a host of a cluster, an instance is ours to start anew.</summary>
    [Fact]
    [Trait("Fault", "22")]
    [Trait("Source", "MaxEjectionTime")]
    public void Decide_BadEachTimeItComesBack_Differs_IsReplacedInsteadOfWaitingLonger()
    {
        var twice = new OutlierState { Ejections = 2, ReturnedAt = TimeSpan.Zero };

        Assert.Equal(OutlierVerdict.Replace, OutlierPolicy.Decide(Options, twice, Read("-----"), 4, TimeSpan.FromSeconds(1)).Verdict);
    }

    /// <summary>Envoy ejects at most a share of all hosts, 10 % by default, but always one. A deployment has few instances: here only the last one is spared.</summary>
    [Theory]
    [Trait("Fault", "21")]
    [Trait("Fault", "22")]
    [Trait("Source", "BasicFlow5xxViaHttpCodesWithMaxEjectionPercent (2 % of 5 hosts ejects one)")]
    [InlineData(5, 4)]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public void Machine_AllInstancesFailTheirRequests_Differs_AllButTheLastAreEjected(int instances, int ejected)
    {
        var world = Sick(instances);

        Assert.Equal(ejected, world.State.Instances.Count(i => i.Ejected));
        Assert.Single(RoutePlan.Of(world.State, world.Now).Targets);
        Assert.Equal(instances, world.Starts.Count);
    }

    /// <summary>Envoy puts a host back when an active check passes. Here the checks have passed all along: they are what such an instance deceives.</summary>
    [Fact]
    [Trait("Fault", "22")]
    [Trait("Source", "ActiveHealthCheckUnejects, un-eject by active check")]
    public void Machine_StatusCheckIsGoodWhileEjected_Differs_StaysOutForItsTime()
    {
        var world = Sick(2);
        var sick = world.State.Instances.Single(i => i.Ejected).Id;

        world.Run(TimeSpan.FromSeconds(25));

        Assert.True(world.State.Instances.Single(i => i.Id == sick).Ejected);
        Assert.True(world.State.Instances.Single(i => i.Id == sick).LastProbed > TimeSpan.FromMinutes(1));
        world.Run(TimeSpan.FromSeconds(10));
        Assert.False(world.State.Instances.Single(i => i.Id == sick).Ejected);
    }

    [Fact]
    [Trait("Source", "RemoveWhileEjected")]
    public void Machine_EjectedOneDies_IsReplacedAndComesBackNeverAgain()
    {
        var world = Sick(2);
        var sick = world.State.Instances.Single(i => i.Ejected).Id;

        world.Kill(sick).Run(TimeSpan.FromMinutes(2));

        Assert.DoesNotContain(world.State.Instances, i => i.Id == sick);
        Assert.DoesNotContain(world.Decisions, d => d.StartsWith($"route requests to {sick} again", StringComparison.Ordinal));
        Assert.Equal(2, world.Ready.Count());
    }

    [Fact]
    [Trait("Source", "NotEnforcing, RemoteHostAlreadyEjected: late news of an ejected host")]
    public void Machine_FailuresOfRequestsUnderWayWhileEjected_CountForNothing()
    {
        var world = Sick(2);
        var sick = world.State.Instances.Single(i => i.Ejected);

        world.Tell(new DeploymentEvent.TrafficFailed(sick.Id, Read("--------------------")));

        Assert.Equal(sick.Outlier, world.State.Instances.Single(i => i.Id == sick.Id).Outlier);
    }

    [Theory]
    [Trait("Source", "failure percentage: FailurePercentageEjection, minimum requests")]
    [InlineData(4, 5, OutlierVerdict.Keep)] // 9 requests are too few
    [InlineData(5, 5, OutlierVerdict.Eject)] // 10, and half of them failed
    [InlineData(6, 5, OutlierVerdict.Keep)]
    [InlineData(50, 50, OutlierVerdict.Eject)]
    [InlineData(51, 49, OutlierVerdict.Keep)]
    public void Decide_ShareOfFailures_EjectsFromHalfOfTenOn(int good, int bad, OutlierVerdict expected)
        => Assert.Equal(expected, OutlierPolicy.Decide(Options, OutlierState.Fresh, new(good, bad, 1), 4, TimeSpan.Zero).Verdict);

    private static MachineWorld Sick(int instances)
    {
        var world = new MachineWorld().Deploy(1, wanted: instances).Run(TimeSpan.FromMinutes(1));
        foreach (var instance in world.Ready.ToList())
        {
            world.Tell(new DeploymentEvent.TrafficFailed(instance.Id, Read("-----")));
        }

        return world;
    }

    private static OutlierReading Read(string answers)
        => new(answers.Count(c => c == '+'), answers.Count(c => c == '-'), answers.Reverse().TakeWhile(c => c == '-').Count());
}
