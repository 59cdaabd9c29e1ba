using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Stages;
using Stormly.Deploy.Testing;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Outside;

/// <summary>
/// Deploying without a gap, draining, coming back. basecamp/kamal-proxy, internal/server/{router,target,load_balancer}_test.go. Hosts, paths,
/// certificates and WebSockets of those tables belong to the web server here. Cases of pause and gradual rollout stand with those features.
/// </summary>
public class KamalProxyTests
{
    private static readonly byte[] Body = """{"props": {}}"""u8.ToArray();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Source", "TestRouter_Empty, TestRouter_DeployService, TestRouter_Removing")]
    public async Task Plugin_BeforeDuringAndAfterItsDeployment_IsUnknownThenServedThenUnknown()
    {
        await using var bench = new DeploymentBench().Run();
        Assert.Equal(PluginOutcome.UnknownPlugin, (await SendAsync(bench)).Outcome);

        await bench.DeployAsync(bench.Source());
        Assert.Equal(PluginOutcome.Ok, (await SendAsync(bench)).Outcome);

        var removed = bench.Deployments.RemoveAsync("churn", Token);
        await bench.UntilAsync(() => removed.IsCompleted, "its removal");
        Assert.Equal(PluginOutcome.UnknownPlugin, (await SendAsync(bench)).Outcome);
        Assert.Empty(bench.Host.Running);
    }

    [Fact]
    [Trait("Source", "TestRouter_DeployServiceMultipleTargets, TestLoadBalancer_StartRequest")]
    public async Task Requests_OfTwoInstances_ReachBoth()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(instances: 2));
        var reached = new HashSet<InstanceId?>();

        for (var i = 0; i < 64; i++)
        {
            reached.Add((await SendAsync(bench)).Instance);
        }

        Assert.Equal(bench.Host.Running.Select(i => (InstanceId?)i.Id).ToHashSet(), reached);
    }

    /// <summary>Kamal switches all at once, so that nobody meets both. Here they are exchanged one by one, since the old set may be all that the machine can hold.</summary>
    [Fact]
    [Trait("Fault", "76")]
    [Trait("Source", "TestRouter_ReplacingActiveService, TestRouter_UpdatingOptions")]
    public async Task Redeploy_AfterTheCallReturns_Differs_OnlyTheNewOnesAnswerThoughBothDidMeanwhile()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1, instances: 2));
        var old = bench.Host.Running.Select(i => (InstanceId?)i.Id).ToHashSet();

        await bench.DeployAsync(bench.Source(2, instances: 2));

        for (var i = 0; i < 20; i++)
        {
            var answer = await SendAsync(bench);
            Assert.Equal(PluginOutcome.Ok, answer.Outcome);
            Assert.DoesNotContain(answer.Instance, old);
        }

        await bench.UntilAsync(() => bench.Host.Running.Count == 2, "the end of the old ones");
    }

    /// <summary>Kamal forgets the service. Here its name stays known with its reason, and requests are told 503: whoever deployed it can look it up.</summary>
    [Fact]
    [Trait("Fault", "77")]
    [Trait("Source", "TestRouter_ServiceFailingToBecomeHealthy, TestLoadBalancer_WaitUntilHealthy")]
    public async Task Deploy_FirstOneNeverHealthy_Differs_IsUnavailableWithItsReasonAndNothingIsStored()
    {
        await using var bench = new DeploymentBench().Run();
        var started = 0;
        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Code(Interlocked.Increment(ref started) == 1 ? 200 : 500);

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(bench.Source(instances: 2), TimeSpan.FromSeconds(1)));

        Assert.Contains("answered 500", error.Message, StringComparison.Ordinal);
        Assert.Equal(PluginOutcome.Unavailable, (await SendAsync(bench)).Outcome);
        await bench.UntilAsync(() => bench.Host.Running.Count == 0, "the end of those that were ready");
        Assert.Equal("", KeptState.ServesOf(bench.State, "churn"));
    }

    [Theory]
    [Trait("Fault", "63")]
    [Trait("Fault", "77")]
    [Trait("Source", "TestRouter_DeploymentsWithErrorsDoNotUpdateService")]
    [InlineData("")] // refused before anything happens
    [InlineData("exit")] // refused by its own behaviour
    public async Task Deploy_WithErrors_LeavesWhatServesAndWhatIsStoredUntouched(string command)
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        var (served, stored) = (bench.Host.Running.Single(), KeptState.ServesOf(bench.State, "churn"));
        bench.Host.OnStart = i => i.Exit(1);

        var error = await Assert.ThrowsAnyAsync<PluginDeploymentException>(() => bench.DeployAsync(bench.Source(2, command: command)));

        Assert.Equal(command.Length == 0, error is PluginSpecException);
        Assert.Equal(served.Id, (await SendAsync(bench)).Instance);
        Assert.Equal((0, 1), (served.Stops, bench.Host.Running.Count));
        Assert.Equal(stored, KeptState.ServesOf(bench.State, "churn"));
    }

    /// <summary>Kamal takes its targets for healthy: they are containers that lived on. Here they ended with the host application, so each proves itself again and requests wait for it.</summary>
    [Fact]
    [Trait("Fault", "7")]
    [Trait("Source", "TestRouter_RestoreLastSavedState")]
    public async Task Restart_OfTheHostApplication_Differs_ServesWhatServedOnceItProvedItself()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1, instances: 2));
        var end = bench.Services.GetRequiredService<PluginDeployments>().EndAsync(CancellationToken.None);
        await bench.UntilAsync(() => end.IsCompleted, "its end", TimeSpan.FromSeconds(1));

        bench.Run();
        bench.Host.StartTakes = TimeSpan.FromSeconds(3);
        await bench.Services.GetRequiredService<PluginDeployments>().EnsureStartedAsync(Token);
        await bench.UntilAsync(() => bench.Routes.Find("churn") is not null, "its route", TimeSpan.FromMilliseconds(1));
        var waits = SendAsync(bench);
        Assert.False(waits.IsCompleted);

        await bench.UntilAsync(() => bench.Snapshot.ReadyInstances == 2, "the two that served");
        Assert.Equal(PluginOutcome.Ok, (await waits).Outcome);
    }

    [Fact]
    [Trait("Source", "TestTarget_DrainWhenEmpty")]
    public void Drain_WithoutRequests_IsOverAtOnce()
    {
        using var world = new RoutingWorld();
        var target = world.MakeTarget();

        target.Close();

        Assert.True(target.Drained.IsCompleted);
        Assert.False(target.TryClaim(1));
    }

    [Fact]
    [Trait("Fault", "76")]
    [Trait("Source", "TestTarget_DrainRequestsThatCompleteWithinTimeout")]
    public async Task Drain_RequestsThatEndInTime_AreAllAnsweredBeforeTheStop()
    {
        await using var bench = new DeploymentBench().Run(o => o.Routing.RequestTimeout = TimeSpan.FromSeconds(10));
        await bench.DeployAsync(bench.Source(1));
        var old = bench.Host.Running.Single();
        old.AnswerWith(InMemoryAnswer.Silent);
        var waits = Enumerable.Range(0, 3).Select(_ => SendAsync(bench)).ToList();

        await bench.DeployAsync(bench.Source(2));
        Assert.Equal(0, old.Stops);
        await bench.UntilAsync(() => waits.All(w => w.IsCompleted), "their answers");

        await bench.UntilAsync(() => old.Stops == 1, "its stop");
        Assert.DoesNotContain(bench.Snapshot.Decisions, d => d.What.Contains("could not be ended", StringComparison.Ordinal));
    }

    /// <summary>Kamal cancels them with 504. Here the instance is stopped with them: each gets its own failure from the connection, and no caller waits longer than a request may take.</summary>
    [Fact]
    [Trait("Fault", "76")]
    [Trait("Source", "TestTarget_DrainRequestsThatNeedToBeCancelled")]
    public async Task Drain_RequestsThatTakeTooLong_Differs_TheInstanceIsStoppedAndEachCallerGetsAnAnswer()
    {
        await using var bench = new DeploymentBench().Run(o => (o.Stop.Drain, o.Routing.RequestTimeout) = (TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(4)));
        await bench.DeployAsync(bench.Source(1));
        var old = bench.Host.Running.Single();
        old.AnswerWith(InMemoryAnswer.Silent);
        var waits = Enumerable.Range(0, 20).Select(_ => SendAsync(bench)).ToList();

        await bench.DeployAsync(bench.Source(2));
        await bench.UntilAsync(() => old.IsGone || waits.Any(w => w.IsCompleted), "its stop although requests are under way");

        Assert.True(old.IsGone, "a request was given up before the instance was stopped");
        await bench.UntilAsync(() => waits.All(w => w.IsCompleted), "their answers");
        Assert.All(waits, w => Assert.Equal(PluginOutcome.PluginError, w.Result.Outcome));
        Assert.Equal(PluginOutcome.Ok, (await SendAsync(bench)).Outcome);
    }

    [Fact]
    [Trait("Fault", "71")]
    [Trait("Source", "TestTarget_CancelledRequestsHaveStatus499")]
    public async Task Request_ClientGoesAway_IsCancelledAndTheInstanceStays()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source());
        bench.Host.Running.Single().AnswerWith(InMemoryAnswer.Silent);
        using var client = new CancellationTokenSource();

        var waits = SendAsync(bench, client.Token);
        await client.CancelAsync();

        Assert.Equal(PluginOutcome.Cancelled, (await waits.WaitAsync(Token)).Outcome);
        await bench.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1), (bench.Snapshot.ReadyInstances, bench.Host.Started.Count));
    }

    private static async Task<(PluginOutcome Outcome, InstanceId? Instance)> SendAsync(DeploymentBench bench, CancellationToken? token = null)
    {
        using var response = await bench.Services.GetRequiredService<IPluginClient>().SendAsync("churn", Body, null, token ?? Token);
        return (response.Outcome, response.Instance);
    }
}
