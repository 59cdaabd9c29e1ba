using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

public class DurabilityTests
{
    [Fact]
    public async Task Restart_SameStateFolder_BringsTheSameRevisionAndNumberBack()
    {
        await using var bench = new DeploymentBench().Run();
        var before = await bench.DeployAsync(bench.Source(instances: 2));
        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 3, TestContext.Current.CancellationToken));
        await EndAsync(bench);
        Assert.Empty(bench.Host.Running);
        Assert.Empty(Directory.GetDirectories(Path.Combine(bench.State, "instances")));
        File.WriteAllText(Path.Combine(bench.Plugin, "server.py"), "changed since");

        bench.Run();
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");

        Assert.Single(bench.Host.Recoveries);
        Assert.Equal(before.ServingRevision, bench.Snapshot.ServingRevision);
        Assert.Equal(3, bench.Snapshot.ReadyInstances);
        Assert.All(bench.Host.Running, i => Assert.Equal("print('hello')", File.ReadAllText(Path.Combine(i.Spec.WorkFolder, "server.py"))));
    }

    [Fact]
    public async Task Restart_PluginIsNamedNoMore_ComesBackAndSaysSoOnce()
    {
        await using var bench = new DeploymentBench();
        await bench.ServeFolderAsync();
        await EndAsync(bench);

        for (var run = 0; run < 2; run++)
        {
            bench.Run();
            await StartAsync(bench);
            await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");
            await EndAsync(bench);
        }

        Assert.Single(bench.Snapshot.Decisions, static d => d.What == "keep the deployment" && d.Why.EndsWith("RemoveAsync takes it away", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restart_RegisteredFolderUnreadable_StartsTheStoredRevisionAndSaysSo()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source());
        await EndAsync(bench);

        bench.Run(build: b => b.AddPlugin("churn", Path.Combine(bench.Plugin, "nowhere")));
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the stored revision");

        Assert.Contains(bench.Snapshot.Decisions, d => d.What.Contains("stored revision instead", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "45")]
    public async Task Restart_ALeftoverCouldNotBeEnded_KeepsItsFolderForTheNextTry()
    {
        await using var bench = new DeploymentBench();
        var (stuck, gone) = (Path.Combine(bench.State, "instances", "churn-00000001"), Path.Combine(bench.State, "instances", "churn-00000002"));
        Directory.CreateDirectory(stuck);
        Directory.CreateDirectory(gone);
        bench.Run();
        bench.Host.Recovery = new HostRecoveryReport
        {
            Notes = [new(new InstanceId("churn-00000001"), Ended: false, "it still lives") { Remains = true }, new(new InstanceId("churn-00000002"), Ended: true, "ended")],
        };

        await StartAsync(bench);

        Assert.True(Directory.Exists(stuck));
        Assert.False(Directory.Exists(gone));
    }

    [Fact]
    [Trait("Fault", "55")]
    public async Task Restart_JournalIsSpoilt_IsRefusedUntilSomebodyDeploysAndTheFileIsKept()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source());
        await EndAsync(bench);
        var journal = KeptState.JournalOf(bench.State, "churn");
        var spoilt = await File.ReadAllBytesAsync(journal, TestContext.Current.CancellationToken);
        spoilt[^20] ^= 1;
        await File.WriteAllBytesAsync(journal, spoilt, TestContext.Current.CancellationToken);

        bench.Run();
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Failed, "the refusal");

        Assert.Contains(journal, bench.Snapshot.Reason, StringComparison.Ordinal);
        Assert.Empty(bench.Host.Started);
        await EndAsync(bench);
        Assert.Equal(spoilt, await File.ReadAllBytesAsync(journal, TestContext.Current.CancellationToken));

        // It is refused again and again until somebody says what is to serve; what is spoilt stays beside.
        bench.Run();
        Assert.Equal(DeploymentPhase.Ready, (await bench.DeployAsync(bench.Source())).Phase);
        Assert.Equal(spoilt, await File.ReadAllBytesAsync($"{journal}.corrupt-1", TestContext.Current.CancellationToken));
        await EndAsync(bench);
        bench.Run();
        await StartAsync(bench);
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");
    }

    [Fact]
    [Trait("Fault", "56")]
    public async Task Dispose_TwiceAndAtOnce_EndsEveryInstanceOnce()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(instances: 2));
        var deployments = bench.Services.GetRequiredService<PluginDeployments>();

        var ends = new[] { deployments.EndAsync(CancellationToken.None), deployments.EndAsync(CancellationToken.None), deployments.DisposeAsync().AsTask() };
        await bench.UntilAsync(() => ends.All(e => e.IsCompleted), "the end");
        await Task.WhenAll(ends);

        Assert.All(bench.Host.Started, i => Assert.Equal(1, i.Stops));
        await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.DeployAsync(bench.Source(2)));
    }

    [Fact]
    public async Task RemoveAsync_Deployment_LeavesNothing()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source());

        Assert.True(await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", TestContext.Current.CancellationToken)));

        Assert.Empty(bench.Host.Running);
        Assert.Null(bench.Routes.Find("churn"));
        Assert.Null(bench.Deployments.Get("churn"));
        Assert.Empty(Directory.GetFiles(Path.Combine(bench.State, "deployments")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(bench.State, "revisions")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(bench.State, "instances")));
        Assert.False(await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", TestContext.Current.CancellationToken)));
    }

    [Fact]
    [Trait("Fault", "66")]
    public async Task Start_NewerDownloadUrls_ReachTheNextInstanceButOtherChangesDoNot()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source());
        bench.Manifest = bench.Manifest.Replace("https://x/1", "https://x/2", StringComparison.Ordinal);
        bench.Host.Started[0].Kill();
        await bench.UntilAsync(() => bench.Host.Started.Count == 2 && bench.Snapshot.ReadyInstances == 1, "the substitute");
        Assert.Contains("https://x/2", bench.Host.Started[1].Manifest, StringComparison.Ordinal);

        bench.Manifest = bench.Manifest.Replace("\"features\": {}", "\"features\": {}, \"other\": 1", StringComparison.Ordinal);
        bench.Host.Started[1].Kill();
        await bench.UntilAsync(() => bench.Host.Started.Count == 3 && bench.Snapshot.ReadyInstances == 1, "the second substitute");

        Assert.DoesNotContain("other", bench.Host.Started[2].Manifest, StringComparison.Ordinal);
        Assert.Contains(bench.Snapshot.Decisions, d => d.Why.Contains("more than downloadUrls", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "49")]
    public async Task DeployAsync_InstanceFolderCannotBeMade_TellsThePathAndTheOldServesOn()
    {
        await using var bench = new DeploymentBench().Run();
        var old = await bench.DeployAsync(bench.Source(1));
        var instances = Path.Combine(bench.State, "instances");
        Directory.Move(instances, instances + ".away");
        File.WriteAllText(instances, "");

        var error = await Assert.ThrowsAnyAsync<PluginDeploymentException>(() => bench.DeployAsync(bench.Source(2)));

        Assert.Contains(instances, error.Message, StringComparison.Ordinal);
        Assert.Equal(old.ServingRevision, bench.Snapshot.ServingRevision);
        Assert.Equal(1, bench.Snapshot.ReadyInstances);
        File.Delete(instances);
        Directory.Move(instances + ".away", instances);
    }

    [Fact]
    [Trait("Fault", "54")]
    public async Task Start_BackendHasNothingLeftForAWhile_IsTriedAgainAndTheOthersServeOn()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(instances: 2));
        bench.Host.StartError = _ => new BackendUnavailableException("No free port from 20000 to 29999.");
        bench.Host.Started[0].Kill();
        await bench.UntilAsync(() => bench.Snapshot.Decisions.Count(d => d.Why.Contains("No free port", StringComparison.Ordinal)) >= 4, "some failed starts");
        Assert.Equal(DeploymentPhase.Degraded, bench.Snapshot.Phase);
        Assert.Single(bench.Routes.Find("churn")!.Targets);

        bench.Host.StartError = _ => null;
        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready, "the substitute", TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task DeployAsync_BackendCannotRunThatMany_IsRefusedBeforeAnythingStarts()
    {
        await using var bench = new DeploymentBench().Run();
        bench.Host.Placement = new PlacementAnswer { MaxInstances = 1, Reason = "its port occurs twice in startServerCmd" };

        var error = await Assert.ThrowsAsync<PluginSpecException>(() => bench.DeployAsync(bench.Source(instances: 2)));

        Assert.Contains("its port occurs twice", error.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Host.Started);
        Assert.Empty(bench.Deployments.List());
    }

    [Fact]
    [Trait("Fault", "20")]
    public async Task Status_NeverAnswersAgain_IsReplacedAndTheSickOneStopped()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(instances: 2));
        var sick = bench.Host.Started[0];
        sick.Freeze();
        sick.StopTakes = TimeSpan.FromSeconds(60);

        await bench.UntilAsync(() => sick.IsGone && bench.Snapshot.ReadyInstances == 2, "the replacement", TimeSpan.FromMilliseconds(250));

        Assert.Equal(3, bench.Host.Started.Count);
        Assert.Equal(1, sick.Stops);
        await bench.UntilAsync(() => bench.Snapshot.Instances.Length == 2, "the end of the sick one");
    }

    private static async Task StartAsync(DeploymentBench bench)
        => await bench.Services.GetRequiredService<PluginDeployments>().EnsureStartedAsync(TestContext.Current.CancellationToken);

    private static async Task EndAsync(DeploymentBench bench)
    {
        var end = bench.Services.GetRequiredService<PluginDeployments>().EndAsync(CancellationToken.None);
        await bench.UntilAsync(() => end.IsCompleted, "the end of the host application");
        await end;
    }
}
