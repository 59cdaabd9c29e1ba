using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>Which instance is asked, how often, and what its failures say of it.</summary>
public sealed class PluginClientInstanceTests : PluginClientWorld
{
    [Fact]
    [Trait("Fault", "32")]
    public async Task Send_InstanceRefusesTheConnection_AnotherOneAnswersAndTheFirstIsReported()
    {
        Instances.Answer(1, () => CallOutcome.Failed(CallResult.NotConnected, "refused"));
        for (var i = 0; i < 20; i++)
        {
            using var response = await SendAsync();
            Assert.Equal(PluginOutcome.Ok, response.Outcome);
            Assert.Equal(Two.Instance, response.Instance);
        }

        Assert.Equal(20, Instances.Calls.Count(c => c.Port == 2));
        Assert.Contains(World.ReadSignals(), s => s.Kind == RouteSignalKind.ConnectionTrouble && s.Instance == One.Instance);
    }

    [Fact]
    [Trait("Fault", "32")]
    public async Task Send_EveryInstanceRefuses_EachIsTriedOnceAndTheAnswerIsTheError()
    {
        Both(() => CallOutcome.Failed(CallResult.NotConnected, "refused"));
        var sending = SendAsync().AsTask();
        await TestSupport.Waiting.UntilAsync(() => Instances.Calls.Count == 2, "both to be tried", Token);
        while (!sending.IsCompleted)
        {
            World.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        using var response = await sending;
        Assert.Equal((PluginOutcome.PluginError, "not-connected"), (response.Outcome, response.Problem!.Reason));
        Assert.Equal([1, 2], Instances.Calls.Select(c => c.Port).Order());
    }

    [Fact]
    public async Task Send_ManyInstancesRefuse_AtMostTwoOthersAreTried()
    {
        var targets = Enumerable.Range(1, 6).Select(p => World.MakeTarget(p)).ToArray();
        World.Publish(RouteAvailability.Serving, [.. targets]);
        foreach (var target in targets)
        {
            Instances.Answer(target.Address.Port, () => CallOutcome.Failed(CallResult.NotConnected, "refused"));
        }

        using var response = await SendAsync();
        Assert.Equal(PluginOutcome.PluginError, response.Outcome);
        Assert.Equal(3, Instances.Calls.Select(c => c.Port).Distinct().Count());
        Assert.Equal(3, Instances.Calls.Count);
    }

    [Theory]
    [InlineData(nameof(CallResult.ConnectionLost), PluginOutcome.PluginError, "connection-lost")]
    [InlineData(nameof(CallResult.NotHttp), PluginOutcome.PluginError, "not-http")]
    [InlineData(nameof(CallResult.TooLarge), PluginOutcome.PluginError, "too-large")]
    [InlineData(nameof(CallResult.TimedOut), PluginOutcome.Timeout, null)]
    [Trait("Fault", "16")]
    [Trait("Fault", "31")]
    [Trait("Fault", "34")]
    [Trait("Fault", "36")]
    public async Task Send_SomethingWasSent_IsNeverRepeated(string result, PluginOutcome outcome, string? reason)
    {
        Both(() => CallOutcome.Failed(Enum.Parse<CallResult>(result), "seen"));
        using var response = await SendAsync();
        Assert.Equal((outcome, reason), (response.Outcome, response.Problem!.Reason));
        Assert.Null(response.PluginStatusCode);
        Assert.Single(Instances.Calls);
        Assert.Equal(1, One.ReadTraffic().Failures + Two.ReadTraffic().Failures);
        Assert.Contains(World.ReadSignals(), s => s.Kind == RouteSignalKind.RequestFailed);
    }

    [Fact]
    public async Task Send_ConnectionLostOfAnIdempotentPlugin_IsRepeatedElsewhere()
    {
        World.Table.Publish(new PluginRoute { Plugin = Model.PluginName.Parse("twice"), Targets = [One, Two], Endpoint = One.Endpoint, Availability = RouteAvailability.Serving });
        Instances.Answer(1, () => CallOutcome.Failed(CallResult.ConnectionLost, "cut"));
        for (var i = 0; i < 10; i++)
        {
            using var response = await Client.SendAsync("twice", Body(), null, Token);
            Assert.Equal(PluginOutcome.Ok, response.Outcome);
        }
    }

    [Fact]
    [Trait("Fault", "71")]
    public async Task Send_CallerGoesAway_SlotIsFreedAndNobodyIsBlamed()
    {
        using var caller = new CancellationTokenSource();
        foreach (var port in new[] { 1, 2 })
        {
            Instances.Answer(port, async cancelled =>
            {
                await caller.CancelAsync();
                Assert.True(cancelled.IsCancellationRequested);
                return CallOutcome.Failed(CallResult.Cancelled, "the caller gave up");
            });
        }

        using var response = await Client.SendAsync("churn", Body(), null, caller.Token);
        Assert.Equal(PluginOutcome.Cancelled, response.Outcome);
        Assert.Equal((0, 0), (One.InFlight, Two.InFlight));
        Assert.Equal((0L, 0L), (One.ReadTraffic().Failures, Two.ReadTraffic().Failures));
        Assert.Empty(World.ReadSignals());
        Assert.Empty(Log.Events);
    }

    [Fact]
    [Trait("Fault", "21")]
    public async Task Send_NothingServes_IsUnavailableAtOnceWithATime()
    {
        World.Publish(RouteAvailability.Unavailable);
        using var response = await SendAsync();
        Assert.Equal((PluginOutcome.Unavailable, TimeSpan.FromSeconds(7), "It is broken."), (response.Outcome, response.RetryAfter, response.Problem!.Detail));
    }

    [Fact]
    [Trait("Fault", "73")]
    public async Task Send_QueueFull_IsOverloadedWithATime()
    {
        (World.Options.QueueLength, World.Options.MaxRequestsPerInstance) = (0, 1);
        using var first = World.Claim();
        using var second = World.Claim();
        using var response = await SendAsync();
        Assert.Equal(PluginOutcome.Overloaded, response.Outcome);
        Assert.True(response.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Empty(Instances.Calls);
    }

    [Fact]
    [Trait("Fault", "76")]
    public async Task Send_InstanceOfAnotherRevision_GetsABodyAfterItsOwnContract()
    {
        var newer = World.MakeTarget(2, RoutingWorld.MakeEndpoint("/v2", "user_created"));
        World.Table.Publish(new PluginRoute { Plugin = RoutingWorld.Plugin, Targets = [newer], Endpoint = One.Endpoint, Availability = RouteAvailability.Serving });
        using (var refused = await SendAsync())
        {
            Assert.Equal(PluginOutcome.InvalidRequest, refused.Outcome);
        }

        using var good = await Client.SendAsync("churn", "{\"props\":{\"user_created\":1}}"u8.ToArray(), null, Token);
        Assert.Equal(PluginOutcome.Ok, good.Outcome);
        Assert.Equal("/v2", Assert.Single(Instances.Calls).Path);
        Assert.Equal(0, newer.InFlight);
    }

    [Fact]
    [Trait("Fault", "22")]
    public async Task Send_PluginAnswers4xx_SaysNothingAboutTheInstance()
    {
        Both(() => ScriptedCaller.Whole(422, "{}"));
        using var response = await SendAsync();
        Assert.Equal(PluginOutcome.PluginError, response.Outcome);
        Assert.Equal((0L, 0L), (One.ReadTraffic().Failures, Two.ReadTraffic().Failures));
    }
}
