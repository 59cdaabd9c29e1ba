using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Outside;

/// <summary>
/// Pausing. basecamp/kamal-proxy, internal/server/pause_controller_test.go and the pause cases of router_test.go. Kamal's pause holds requests, so that
/// an operator can exchange something by hand; here the exchange is the library's own and loses none, so what can be paused is the rollout.
/// </summary>
public class KamalPauseTests
{
    private static readonly byte[] Body = """{"props": {}}"""u8.ToArray();

    [Fact]
    [Trait("Fault", "76")]
    [Trait("Source", "TestPauseController_RunningByDefault, _WaitBlocksWhenPaused, _PausedWaitsCanTimeout, TestRouter_UpdatingPauseStateIndependentlyOfDeployments")]
    public async Task Pause_Differs_HoldsTheRolloutAndNoRequest_AndADeployDoesNotEndIt()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await bench.DeployAsync(bench.Source(1, instances: 2));
        Assert.Equal(PluginOutcome.Ok, await SendAsync(bench));

        await bench.PlayAsync(bench.Deployments.PauseAsync("churn", TestContext.Current.CancellationToken));
        var deploy = bench.Deployments.DeployAsync(bench.Source(2, instances: 2), TestContext.Current.CancellationToken);
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1));

        Assert.False(deploy.IsCompleted);
        Assert.Equal(PluginOutcome.Ok, await SendAsync(bench));
        Assert.All(bench.Routes.Find("churn")!.Targets, t => Assert.Equal(first.ServingRevision, t.Revision));

        await bench.PlayAsync(bench.Deployments.ResumeAsync("churn", TestContext.Current.CancellationToken));
        var second = await bench.PlayAsync(deploy);
        Assert.NotEqual(first.ServingRevision, second.ServingRevision);
        Assert.Equal(PluginOutcome.Ok, await SendAsync(bench));
    }

    /// <summary>Those who wait are let go at once when nothing is to come any more; Kamal answers them with the operator's message, here they are told that the plugin is gone.</summary>
    [Fact]
    [Trait("Fault", "80")]
    [Trait("Source", "TestPauseController_Stopped, _StoppingPausedRequestsFailsThemImmediately")]
    public async Task Remove_WhileRequestsWaitForAColdStart_TheyAreAnsweredAtOnce()
    {
        await using var bench = new DeploymentBench().Run();
        bench.Host.StartTakes = TimeSpan.FromMinutes(2);
        var deploy = bench.Deployments.DeployAsync(bench.Source(), TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => bench.Routes.Find("churn") is not null, "its route", TimeSpan.FromMilliseconds(1));
        var waits = Enumerable.Range(0, 5).Select(_ => SendAsync(bench)).ToList();
        Assert.DoesNotContain(waits, w => w.IsCompleted);

        var removed = bench.Deployments.RemoveAsync("churn", TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => waits.All(w => w.IsCompleted), "their answers", TimeSpan.FromMilliseconds(1));

        Assert.All(waits, w => Assert.Equal(PluginOutcome.UnknownPlugin, w.Result));
        await bench.PlayAsync(removed);
        await Assert.ThrowsAnyAsync<PluginDeploymentException>(() => deploy);
        Assert.Empty(bench.Host.Running);
    }

    private static async Task<PluginOutcome> SendAsync(DeploymentBench bench)
    {
        using var response = await bench.Services.GetRequiredService<IPluginClient>().SendAsync("churn", Body, null, TestContext.Current.CancellationToken);
        return response.Outcome;
    }
}
