using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Runtime;

public class HalfAliveTests
{
    private static readonly byte[] Body = """{"props": {}}"""u8.ToArray();

    [Fact]
    [Trait("Fault", "22")]
    public async Task SendAsync_RequestsOfOneInstanceFail_ItIsEjectedWhileItsStatusIsGood()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(instances: 2));
        var sick = bench.Host.Running[0];
        sick.AnswerWith(InMemoryAnswer.Code(500));

        await bench.UntilAsync(() => FailedOnce(bench) && bench.Snapshot.ReadyInstances == 1, "its ejection", TimeSpan.FromMilliseconds(1));

        var ejected = Assert.Single(bench.Snapshot.Instances, i => i.Phase == InstancePhase.Suspect);
        Assert.Equal(sick.Id, ejected.Id);
        Assert.Contains("in a row failed", ejected.Trouble, StringComparison.Ordinal);
        Assert.Equal(PluginOutcome.Ok, await SendAsync(bench));
        Assert.Contains(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Route && d.Subject == sick.Id.Value);
        Assert.Equal(2, bench.Host.Started.Count);
    }

    [Fact]
    [Trait("Fault", "22")]
    public async Task SendAsync_AnInstanceGoesOnFailing_ItIsReplacedAtTheThirdEjection()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(instances: 2));
        var sick = bench.Host.Running[0];
        sick.AnswerWith(InMemoryAnswer.Code(500));

        await bench.UntilAsync(() => FailedOnce(bench) && sick.IsGone && bench.Snapshot.ReadyInstances == 2, "its replacement", TimeSpan.FromMilliseconds(500));

        Assert.Equal(3, bench.Host.Started.Count);
        Assert.Equal(2, bench.Snapshot.Decisions.Count(d => d.What.Contains("for a while", StringComparison.Ordinal)));
        Assert.Contains(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Replace && d.Why.Contains("third time", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "22")]
    public async Task SendAsync_TheOnlyInstanceFails_ItIsNeverEjected()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source());
        bench.Host.Running[0].AnswerWith(InMemoryAnswer.Code(500));

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(PluginOutcome.PluginError, await SendAsync(bench));
        }

        await bench.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, bench.Snapshot.ReadyInstances);
        Assert.Single(bench.Host.Started);
    }

    /// <summary>Accepts and never answers, while another thread of it answers the status checks: only the time limit of requests tells.</summary>
    [Theory]
    [Trait("Fault", "20")]
    [Trait("Fault", "22")]
    [InlineData(-1)]
    [InlineData(500)]
    public async Task SendAsync_TheOnlyInstanceStaysFaultyOrStalled_ItServesOnUntilItsSubstituteDoes(int answer)
    {
        await using var bench = new DeploymentBench().Run(o => o.Routing.RequestTimeout = TimeSpan.FromSeconds(5));
        await bench.DeployAsync(bench.Source());
        var sick = bench.Host.Running[0];
        sick.AnswerWith(answer < 0 ? InMemoryAnswer.Silent : InMemoryAnswer.Code(answer));
        var gap = false;

        await bench.UntilAsync(
            () =>
            {
                gap |= bench.Routes.Find("churn")!.Targets.IsEmpty;
                return FailedOnce(bench) && sick.IsGone && bench.Snapshot.ReadyInstances == 1;
            },
            "its replacement",
            TimeSpan.FromMilliseconds(500));

        Assert.False(gap, "There was a moment with nobody to answer.");
        Assert.Equal(2, bench.Host.Started.Count);
        Assert.Equal(PluginOutcome.Ok, await SendAsync(bench));
        var replaced = Assert.Single(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Replace);
        Assert.Contains("as the last one it takes requests until its substitute does", replaced.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Snapshot.Decisions, d => d.What.Contains("for a while", StringComparison.Ordinal));
    }

    private static bool FailedOnce(DeploymentBench bench)
    {
        _ = SendAsync(bench);
        return true;
    }

    private static async Task<PluginOutcome> SendAsync(DeploymentBench bench)
    {
        using var response = await bench.Services.GetRequiredService<IPluginClient>().SendAsync("churn", Body, null, TestContext.Current.CancellationToken);
        return response.Outcome;
    }
}
