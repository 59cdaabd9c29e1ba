using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

public class PauseTests
{
    [Fact]
    public async Task PauseAsync_DeployInTheMeantime_WaitsUntilItIsResumed()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await bench.DeployAsync(bench.Source(1, instances: 2));
        var paused = await bench.PlayAsync(bench.Deployments.PauseAsync("churn", TestContext.Current.CancellationToken));
        Assert.True(paused.Paused);

        var deploy = bench.Deployments.DeployAsync(bench.Source(2), TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Paused, "the deploy to be held");
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5));

        Assert.False(deploy.IsCompleted);
        Assert.All(bench.Snapshot.Instances, i => Assert.Equal(first.ServingRevision, i.Revision));
        await bench.PlayAsync(bench.Deployments.ResumeAsync("churn", TestContext.Current.CancellationToken));
        var second = await bench.PlayAsync(deploy);
        Assert.NotEqual(first.ServingRevision, second.ServingRevision);
        Assert.False(second.Paused);
    }

    [Fact]
    public async Task PauseAsync_HostApplicationEnds_IsPausedStillAfterItsNextStart()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await bench.DeployAsync(bench.Source(1));
        await bench.PlayAsync(bench.Deployments.PauseAsync("churn", TestContext.Current.CancellationToken));
        await EndAsync(bench);

        bench.Run();
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready, Paused: true }, "the stored revision");
        var deploy = bench.Deployments.DeployAsync(bench.Source(2), TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Paused, ReadyInstances: 1 }, "the stored revision, with the deploy held");
        Assert.Equal(first.ServingRevision, bench.Snapshot.ServingRevision);

        await bench.PlayAsync(bench.Deployments.ResumeAsync("churn", TestContext.Current.CancellationToken));
        Assert.NotEqual(first.ServingRevision, (await bench.PlayAsync(deploy)).ServingRevision);
        await EndAsync(bench);

        bench.Run();
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready }, "the second revision");
        Assert.False(bench.Snapshot.Paused);
    }

    [Fact]
    public async Task PauseAsync_FolderOfANamedPluginChanged_TheStoredRevisionServesUntilItIsResumed()
    {
        await using var bench = new DeploymentBench();
        await File.WriteAllTextAsync(Path.Combine(bench.Plugin, "manifest.json"), bench.Manifest, TestContext.Current.CancellationToken);
        await WriteResultsAsync(bench, 1);
        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready }, "the first revision");
        var first = bench.Snapshot.ServingRevision;
        await bench.PlayAsync(bench.Deployments.PauseAsync("churn", TestContext.Current.CancellationToken));
        await EndAsync(bench);
        await WriteResultsAsync(bench, 2);

        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Paused, ReadyInstances: 1 }, "the stored revision");
        Assert.Equal(first, bench.Snapshot.ServingRevision);
        Assert.NotEqual(first, bench.Snapshot.WantedRevision);

        await bench.PlayAsync(bench.Deployments.ResumeAsync("churn", TestContext.Current.CancellationToken));
        await bench.UntilAsync(() => bench.Snapshot is { Phase: DeploymentPhase.Ready } now && now.ServingRevision != first, "the folder's revision");
    }

    [Fact]
    public async Task PauseAsync_NoSuchDeployment_SaysSo()
    {
        await using var bench = new DeploymentBench().Run();

        var error = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.Deployments.PauseAsync("churn", TestContext.Current.CancellationToken));

        Assert.Contains("no deployment of plugin 'churn'", error.Message, StringComparison.Ordinal);
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
