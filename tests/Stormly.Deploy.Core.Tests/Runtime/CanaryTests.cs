using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Runtime;

public class CanaryTests
{
    [Fact]
    public async Task CanaryAsync_WithKeys_SendsEachKeyToItsSideAndOnlyMovesKeysWhenTheShareGrows()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1, instances: 2));
        var canary = await bench.PlayAsync(bench.Deployments.CanaryAsync(bench.Source(2), new CanarySpec { SharePercent = 20, Keys = ["tester"] }, TestContext.Current.CancellationToken));

        Assert.Equal(20, canary.Canary!.RoutedPercent);
        Assert.Equal(3, canary.ReadyInstances);
        Assert.NotEqual(canary.ServingRevision, canary.Canary.Revision);
        var at20 = await SidesAsync(bench);
        Assert.Equal(at20, await SidesAsync(bench));
        Assert.True(at20["tester"]);
        Assert.InRange(at20.Count(s => s.Value), 20, 62);

        await bench.PlayAsync(bench.Deployments.SetCanaryShareAsync("churn", 60, TestContext.Current.CancellationToken));
        var at60 = await SidesAsync(bench);
        Assert.All(at20.Where(s => s.Value), s => Assert.True(at60[s.Key]));
        Assert.InRange(at60.Count(s => s.Value), 90, 150);

        var promoted = await bench.PlayAsync(bench.Deployments.PromoteAsync("churn", TestContext.Current.CancellationToken));
        Assert.Null(promoted.Canary);
        Assert.Equal(canary.Canary.Revision, promoted.ServingRevision);
        await bench.UntilAsync(() => bench.Host.Running.Count == 2, "the end of the others");
    }

    [Fact]
    [Trait("Fault", "15")]
    public async Task CanaryAsync_ItsOnlyInstanceIsKilled_TheOthersAnswerAndItIsCounted()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        var canary = await bench.PlayAsync(bench.Deployments.CanaryAsync(bench.Source(2), new CanarySpec { Keys = ["tester"] }, TestContext.Current.CancellationToken));
        var killed = bench.Host.Running.Single(i => i.Spec.Revision == canary.Canary!.Revision);

        bench.Host.OnStart = i => i.Status = InMemoryAnswer.Code(500);
        killed.Kill();
        await bench.UntilAsync(() => bench.Routes.Find("churn")!.Canary!.Targets.IsEmpty, "the killed one to leave the routing");
        Assert.False(await IsCanaryAsync(bench, "tester", canary.Canary!.Revision));

        Assert.Equal(1, bench.Snapshot.Canary!.AnsweredByOthers);
        await bench.UntilAsync(() => bench.Host.Running.Count == 2, "the start of its substitute");
        bench.Host.Running[^1].Status = InMemoryAnswer.Ok;
        await bench.UntilAsync(() => bench.Routes.Find("churn")!.Canary!.Targets.Length == 1, "its substitute");
        Assert.True(await IsCanaryAsync(bench, "tester", canary.Canary.Revision));
    }

    [Fact]
    public async Task CanaryAsync_RuleAndGoodTraffic_IsPromotedByItselfAndShowsBothSides()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        var rule = new CanaryRule { MinRequests = 10, MinTime = TimeSpan.Zero, Interval = TimeSpan.FromSeconds(1) };
        var canary = await bench.PlayAsync(bench.Deployments.CanaryAsync(bench.Source(2), new CanarySpec { SharePercent = 50, Rule = rule }, TestContext.Current.CancellationToken));

        await SidesAsync(bench);
        await bench.UntilAsync(() => bench.Snapshot is { Canary: null, Phase: DeploymentPhase.Ready, Instances.Length: 1 }, "the canary to be promoted");

        Assert.Equal(canary.Canary!.Revision, bench.Snapshot.ServingRevision);
        var decision = bench.Snapshot.Decisions.Single(d => d.Kind == DecisionKind.Canary && d.What.StartsWith("promote", StringComparison.Ordinal));
        Assert.Contains("on the other side", decision.Why, StringComparison.Ordinal);
        Assert.NotNull(decision.Basis);
    }

    [Fact]
    public async Task CanaryAsync_HostApplicationEnds_ComesBackWithItsShare()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1, instances: 2));
        var before = await bench.PlayAsync(bench.Deployments.CanaryAsync(bench.Source(2), new CanarySpec { SharePercent = 20, Keys = ["tester"] }, TestContext.Current.CancellationToken));
        await EndAsync(bench);

        bench.Run();
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Canary.RoutedPercent: 20, ReadyInstances: 3 }, "the canary");
        Assert.Equal(before.Canary!.Revision, bench.Snapshot.Canary!.Revision);
        Assert.Equal(before.ServingRevision, bench.Snapshot.ServingRevision);
        Assert.True(await IsCanaryAsync(bench, "tester", before.Canary.Revision));

        await bench.PlayAsync(bench.Deployments.AbortAsync("churn", "enough seen", TestContext.Current.CancellationToken));
        await EndAsync(bench);
        bench.Run();
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { ReadyInstances: 2 }, "the stored revision");
        Assert.Null(bench.Snapshot.Canary);
    }

    [Fact]
    public async Task CanaryAsync_OfTheFolderOfANamedPlugin_IsNotPromotedByTheNextStart()
    {
        await using var bench = new DeploymentBench();
        await File.WriteAllTextAsync(Path.Combine(bench.Plugin, "manifest.json"), bench.Manifest, TestContext.Current.CancellationToken);
        await WriteResultsAsync(bench, 1);
        bench.Run(Configure, b => b.AddPlugin("churn", bench.Plugin));
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready }, "the first revision");
        await WriteResultsAsync(bench, 2);
        var canary = await bench.PlayAsync(bench.Deployments.CanaryAsync(PluginSource.FromFolder("churn", bench.Plugin), null, TestContext.Current.CancellationToken));
        await EndAsync(bench);

        bench.Run(Configure, b => b.AddPlugin("churn", bench.Plugin));
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Canary.RoutedPercent: 10, ReadyInstances: 2 }, "both sides");

        Assert.Equal(canary.ServingRevision, bench.Snapshot.ServingRevision);
        Assert.Contains(bench.Snapshot.Decisions, d => d.Why.Contains("tried out as a canary", StringComparison.Ordinal));

        static void Configure(PluginDeploymentOptions options) => options.Follow.Enabled = false;
    }

    [Fact]
    public async Task CanaryAsync_NewRevisionNeverReady_ThrowsItsLastWordsAndTheOldServesOn()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await bench.DeployAsync(bench.Source(1));

        bench.Host.OnStart = i =>
        {
            i.StopListening();
            i.Write("no module named flask");
            i.Exit(3);
        };

        var error = await Assert.ThrowsAsync<InstanceStartException>(
            () => bench.PlayAsync(bench.Deployments.CanaryAsync(bench.Source(2), null, TestContext.Current.CancellationToken)));

        Assert.Equal(3, error.ExitCode);
        Assert.Null(bench.Snapshot.Canary);
        Assert.Equal(first.ServingRevision, bench.Snapshot.ServingRevision);
        Assert.Contains(bench.Snapshot.Revisions, r => r.Failure?.Contains("no module named flask", StringComparison.Ordinal) == true);
        Assert.Equal(1, bench.Snapshot.ReadyInstances);
    }

    [Fact]
    public async Task CanaryAsync_WrongNumbersOrNothingDeployed_SaysSo()
    {
        await using var bench = new DeploymentBench().Run();

        var number = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.Deployments.CanaryAsync(bench.Source(), new CanarySpec { SharePercent = 0 }, TestContext.Current.CancellationToken));
        var nothing = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.Deployments.CanaryAsync(bench.Source(), null, TestContext.Current.CancellationToken));
        var share = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.Deployments.SetCanaryShareAsync("churn", double.NaN, TestContext.Current.CancellationToken));

        Assert.Contains("canary:SharePercent must be from 0.1 to 99.9, was: 0", number.Message, StringComparison.Ordinal);
        Assert.Contains("Deploy a first one", nothing.Message, StringComparison.Ordinal);
        Assert.Contains("must be from 0.1 to 99.9", share.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Host.Started);
    }

    private static async Task<Dictionary<string, bool>> SidesAsync(DeploymentBench bench)
    {
        var sides = new Dictionary<string, bool>();
        foreach (var key in Enumerable.Range(0, 200).Select(i => $"caller-{i}").Append("tester"))
        {
            sides[key] = await IsCanaryAsync(bench, key, bench.Snapshot.Canary!.Revision);
        }

        return sides;
    }

    private static async Task<bool> IsCanaryAsync(DeploymentBench bench, string key, RevisionId canary)
    {
        var client = bench.Services.GetRequiredService<IPluginClient>();
        using var answer = await client.SendAsync("churn", Encoding.UTF8.GetBytes("""{"props": {}}"""), new PluginCallContext { CanaryKey = key }, TestContext.Current.CancellationToken);
        Assert.Equal(PluginOutcome.Ok, answer.Outcome);
        return bench.Snapshot.Instances.Single(i => i.Id == answer.Instance).Revision == canary;
    }

    private static Task WriteResultsAsync(DeploymentBench bench, int version)
        => File.WriteAllBytesAsync(Path.Combine(bench.Plugin, "results.json"), bench.Source(version).Results[0].Utf8.ToArray(), TestContext.Current.CancellationToken);

    private static async Task StartAsync(DeploymentBench bench)
        => await bench.Services.GetRequiredService<PluginDeployments>().EnsureStartedAsync(TestContext.Current.CancellationToken);

    private static async Task EndAsync(DeploymentBench bench)
    {
        var end = bench.Services.GetRequiredService<PluginDeployments>().EndAsync(CancellationToken.None);
        await bench.UntilAsync(() => end.IsCompleted, "the end of the host application");
        await end;
    }
}
