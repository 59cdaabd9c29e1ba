using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Runtime;

public class RedeployTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Fault", "76")]
    public async Task RedeployAsync_FolderHoldsSomethingNew_DeploysItInTheSameNumberAndEnvironment()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.WriteFolderAsync(1);
        var source = PluginSource.FromFolder("churn", bench.Plugin) with { Instances = 2, Environment = ImmutableDictionary<string, string>.Empty.Add("LEVEL", "1") };
        var first = await bench.DeployAsync(source);
        await bench.WriteFolderAsync(2);

        var second = await RedeployAsync(bench);

        Assert.NotEqual(first.ServingRevision, second.ServingRevision);
        Assert.Equal(2, second.ReadyInstances);
        Assert.All(bench.Host.Started, i => Assert.Equal("1", i.Spec.Environment["LEVEL"]));
        Assert.Equal(3, bench.Host.MostAtOnce);
    }

    [Fact]
    public async Task RedeployAsync_NothingIsNew_TouchesNothingAndSaysSo()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.WriteFolderAsync(1);
        var first = await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin));

        var second = await RedeployAsync(bench);

        Assert.Equal(first.ServingRevision, second.ServingRevision);
        Assert.Single(bench.Host.Started);
        Assert.Contains(second.Decisions.Skip(first.Decisions.Length), d => d.Why.Contains("equal content is the same revision", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "77")]
    public async Task RedeployAsync_RevisionThatWasGivenUp_IsTriedAgainBecauseItIsACall()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.WriteFolderAsync(1);
        await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin));
        await bench.WriteFolderAsync(2);
        bench.Host.OnStart = static i => i.Exit(3);
        await Assert.ThrowsAsync<InstanceStartException>(() => RedeployAsync(bench));
        bench.Host.OnStart = static _ => { };

        var second = await RedeployAsync(bench);

        Assert.Equal(second.WantedRevision, second.ServingRevision);
        Assert.Null(second.Revisions[^1].Failure);
    }

    [Fact]
    public async Task RedeployAsync_FirstRevisionNeverServed_ComesInTheNumberThatWasAskedFor()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.WriteFolderAsync(1);
        bench.Host.OnStart = static i => i.Exit(3);
        await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin) with { Scale = new ScaleRange(2, 5) }));
        bench.Host.OnStart = static _ => { };
        await bench.WriteFolderAsync(2);
        var plan = await bench.Deployments.PlanAsync(PluginSource.FromFolder("churn", bench.Plugin), Token);

        var now = await RedeployAsync(bench);

        Assert.Equal((2, 2, new ScaleRange(2, 5)), (plan.Instances, now.ReadyInstances, now.Scale));
    }

    [Fact]
    public async Task RedeployAsync_AfterARestart_KnowsTheFolderOfACallAndOfARegistration()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.WriteFolderAsync(1);
        await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin) with { Environment = ImmutableDictionary<string, string>.Empty.Add("LEVEL", "1") });
        await bench.EndAsync();
        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Snapshot.ReadyInstances == 1, "the stored revision");
        var first = bench.Snapshot.ServingRevision;
        await bench.WriteFolderAsync(2);

        var second = await RedeployAsync(bench);

        Assert.NotEqual(first, second.ServingRevision);
        Assert.Equal("1", bench.Host.Started[^1].Spec.Environment["LEVEL"]);
        await bench.EndAsync();
        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));
        await bench.StartAsync();
        await bench.WriteFolderAsync(3);
        Assert.Equal(DeploymentPhase.Ready, (await RedeployAsync(bench)).Phase);
        Assert.Equal(3, bench.Snapshot.Revisions.Length);
    }

    [Fact]
    public async Task RedeployAsync_FolderIsGoneOrBroken_IsRefusedWithEveryProblemAndTheOldServes()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.WriteFolderAsync(1);
        var first = await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin));
        await File.WriteAllTextAsync(Path.Combine(bench.Plugin, "results.json"), "{\"http\": {\"port\": ", Token);
        await Assert.ThrowsAsync<PluginSpecException>(() => RedeployAsync(bench));
        Directory.Delete(bench.Plugin, recursive: true);

        var error = await Assert.ThrowsAsync<PluginSpecException>(() => RedeployAsync(bench));

        Assert.Contains("there is no such folder", error.Message, StringComparison.Ordinal);
        Assert.Equal(first.Version, bench.Snapshot.Version);
        Assert.Equal(1, bench.Snapshot.ReadyInstances);
    }

    [Fact]
    public async Task RedeployAsync_SourceOfCode_IsAskedAgainUntilTheHostApplicationEnds()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await bench.DeployAsync(bench.Source(instances: 2));
        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 3, Token));
        bench.Manifest = bench.Manifest.Replace("\"features\": {}", "\"features\": {}, \"rows\": 1", StringComparison.Ordinal);

        var second = await RedeployAsync(bench);

        Assert.NotEqual(first.ServingRevision, second.ServingRevision);
        Assert.Equal(3, second.WantedInstances);
        await bench.EndAsync();
        bench.Run();
        await bench.StartAsync();
        var error = await Assert.ThrowsAsync<PluginDeploymentException>(() => RedeployAsync(bench));
        Assert.Contains("Call DeployAsync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RedeployAsync_CopyOfAFolderWithAnotherPart_IsAskedAgainAndNotReadWhole()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.WriteFolderAsync(1);
        var source = PluginSource.FromFolder("churn", bench.Plugin);
        await bench.DeployAsync(source with { Results = bench.Source(7).Results });
        await bench.WriteFolderAsync(2);

        await RedeployAsync(bench);

        Assert.Contains("\"version\": 7", bench.Host.Started[^1].Manifest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RedeployAsync_NoSuchDeployment_IsRefused()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.WriteFolderAsync(1);
        await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin));
        await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", Token));

        var error = await Assert.ThrowsAsync<PluginDeploymentException>(() => RedeployAsync(bench));

        Assert.Contains("no deployment of plugin 'churn'", error.Message, StringComparison.Ordinal);
    }

    private static Task<DeploymentSnapshot> RedeployAsync(DeploymentBench bench) => bench.PlayAsync(bench.Deployments.RedeployAsync("churn", Token));
}
