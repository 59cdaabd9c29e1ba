using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

public class RollbackTests
{
    [Fact]
    [Trait("Fault", "76")]
    public async Task RollbackAsync_FolderIsGone_BringsTheOneBeforeBackWithItsOwnFilesWhileTheOtherServes()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await bench.DeployAsync(bench.Source(1, instances: 2));
        await File.WriteAllTextAsync(Path.Combine(bench.Plugin, "server.py"), "print('second')", TestContext.Current.CancellationToken);
        await bench.DeployAsync(bench.Source(2));
        Directory.Delete(bench.Plugin, recursive: true);

        var back = await RollbackAsync(bench);

        Assert.Equal(first.ServingRevision, back.ServingRevision);
        Assert.Equal(2, back.ReadyInstances);
        Assert.All(bench.Routes.Find("churn")!.Targets, t => Assert.Equal(first.ServingRevision, t.Revision));
        Assert.Contains(back.Decisions, d => d.Kind == DecisionKind.Rollback && d.Why.StartsWith("it was asked for", StringComparison.Ordinal));
        await bench.UntilAsync(() => bench.Host.Running.Count == 2, "the end of the others");
        Assert.All(bench.Host.Running, i => Assert.Equal("print('hello')", File.ReadAllText(Path.Combine(i.Spec.WorkFolder, "server.py"))));
        Assert.Equal(3, bench.Host.MostAtOnce);
    }

    [Fact]
    public async Task RollbackAsync_ByTheBeginningOfADigest_GoesToThatRevisionAndTwiceGoesThereAndBack()
    {
        await using var bench = new DeploymentBench().Run();
        var first = await bench.DeployAsync(bench.Source(1));
        var second = await bench.DeployAsync(bench.Source(2));
        var third = await bench.DeployAsync(bench.Source(3));

        Assert.Equal(first.ServingRevision, (await RollbackAsync(bench, first.ServingRevision!.Short)).ServingRevision);
        Assert.Equal(third.ServingRevision, (await RollbackAsync(bench)).ServingRevision);

        Assert.Equal(
            new[] { second, first, third }.Select(s => s.ServingRevision), bench.Snapshot.Revisions.Select(r => r.Id));
        Assert.All(bench.Snapshot.Revisions, r => Assert.NotNull(r.ServedAt));
        Assert.NotNull(bench.Snapshot.Revisions[1].WithdrawnAt);
        Assert.Null(bench.Snapshot.Revisions[2].WithdrawnAt);
    }

    [Fact]
    public async Task RollbackAsync_NothingToGoBackTo_IsRefusedAndNothingChanges()
    {
        await using var bench = new DeploymentBench().Run();
        var served = await bench.DeployAsync(bench.Source());

        var error = await Assert.ThrowsAsync<PluginDeploymentException>(() => RollbackAsync(bench, "123456"));

        Assert.Contains(served.ServingRevision!.Short, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PluginDeploymentException>(() => RollbackAsync(bench));
        Assert.Single(bench.Host.Started);
        Assert.Equal(served.Decisions.Length, bench.Snapshot.Decisions.Length);
        var unknown = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.Deployments.RollbackAsync("other", null, TestContext.Current.CancellationToken));
        Assert.Contains("no deployment of plugin 'other'", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "77")]
    public async Task DeployAsync_Fails_TheReasonAndItsLastWordsAreInErrorDecisionAndHistory()
    {
        await using var bench = new DeploymentBench().Run();
        var good = await bench.DeployAsync(bench.Source(1));
        Break(bench);

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(bench.Source(2)));

        Assert.Contains("no module named flask", error.Message, StringComparison.Ordinal);
        var back = Assert.Single(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Rollback);
        Assert.Contains("exit code 3", back.Why, StringComparison.Ordinal);
        Assert.Contains("its last output: Traceback | no module named flask", back.Why, StringComparison.Ordinal);
        var failed = bench.Snapshot.Revisions[^1];
        Assert.NotNull(failed.FailedAt);
        Assert.Null(failed.ServedAt);
        Assert.Contains("no module named flask", failed.Failure, StringComparison.Ordinal);
        Assert.Equal(good.ServingRevision, bench.Snapshot.Revisions[0].Id);
        Assert.Null(bench.Snapshot.Revisions[0].Failure);
    }

    [Fact]
    [Trait("Fault", "77")]
    public async Task Restart_FolderHoldsARevisionThatWasGivenUp_ServesTheStoredOneAndStartsNoOther()
    {
        await using var bench = new DeploymentBench();
        await WriteFolderAsync(bench, 1);
        var good = (await RunRegisteredAsync(bench)).ServingRevision;
        await WriteFolderAsync(bench, 2);
        Break(bench);
        await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin)));
        await EndAsync(bench);

        var again = await RunRegisteredAsync(bench);

        Assert.Equal(good, again.ServingRevision);
        Assert.Single(bench.Host.Started);
        Assert.Contains(again.Decisions, d => d.Why.Contains("it was given up before", StringComparison.Ordinal) && d.Why.Contains("no module named flask", StringComparison.Ordinal));
        Assert.NotNull(again.Revisions[^1].Failure);
        Assert.Equal(DeploymentPhase.Ready, (await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin))).Phase);
        Assert.Null(bench.Snapshot.Revisions[^1].Failure);
    }

    [Fact]
    public async Task Restart_AfterARollbackByHand_KeepsToIt()
    {
        await using var bench = new DeploymentBench();
        await WriteFolderAsync(bench, 1);
        var first = (await RunRegisteredAsync(bench)).ServingRevision;
        await WriteFolderAsync(bench, 2);
        await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin));
        await RollbackAsync(bench);
        await EndAsync(bench);

        var again = await RunRegisteredAsync(bench);

        Assert.Equal(first, again.ServingRevision);
        Assert.Contains(again.Decisions, d => d.Why.Contains("went back from it by hand", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Revisions_MoreThanKept_AreRemovedButNeverTheOneToGoBackTo()
    {
        await using var bench = new DeploymentBench().Run(o => o.Rollout.RevisionsKept = 2);
        await bench.DeployAsync(bench.Source(1));
        var second = await bench.DeployAsync(bench.Source(2));
        await bench.DeployAsync(bench.Source(3));
        Break(bench);
        for (var i = 4; i < 8; i++)
        {
            await Assert.ThrowsAsync<InstanceStartException>(() => bench.DeployAsync(bench.Source(i)));
        }

        bench.Host.OnStart = static _ => { };
        await bench.UntilAsync(() => Directory.GetDirectories(Path.Combine(bench.State, "revisions", "churn")).Length == 4, "the removal of old revisions");
        await bench.UntilAsync(() => bench.Snapshot.Revisions.Length == 4, "the snapshot to follow");

        Assert.Equal(second.ServingRevision, (await RollbackAsync(bench)).ServingRevision);
    }

    [Fact]
    [Trait("Fault", "55")]
    public async Task Restart_JournalIsGone_KnowsTheRevisionsByTheirFolders()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        await bench.DeployAsync(bench.Source(2));
        await EndAsync(bench);
        File.Delete(KeptState.JournalOf(bench.State, "churn"));

        bench.Run();
        await bench.DeployAsync(bench.Source(1));

        Assert.Equal(2, bench.Snapshot.Revisions.Length);
        var other = bench.Snapshot.Revisions.Single(r => r.Id != bench.Snapshot.ServingRevision).Id;
        Assert.Equal(other, (await RollbackAsync(bench, other.Short)).ServingRevision);
    }

    private static void Break(DeploymentBench bench) => bench.Host.OnStart = i =>
    {
        i.StopListening();
        i.Write("Traceback\nno module named flask");
        i.Exit(3);
    };

    private static Task<DeploymentSnapshot> RollbackAsync(DeploymentBench bench, string? to = null)
        => bench.PlayAsync(bench.Deployments.RollbackAsync("churn", to, TestContext.Current.CancellationToken));

    private static async Task WriteFolderAsync(DeploymentBench bench, int version)
    {
        await File.WriteAllBytesAsync(Path.Combine(bench.Plugin, "results.json"), bench.Source(version).Results[0].Utf8, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(bench.Plugin, "manifest.json"), bench.Manifest, TestContext.Current.CancellationToken);
    }

    private static async Task<DeploymentSnapshot> RunRegisteredAsync(DeploymentBench bench)
    {
        bench.Run(build: b => b.AddPlugin("churn", bench.Plugin));
        await bench.Services.GetRequiredService<PluginDeployments>().EnsureStartedAsync(TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come up");
        return bench.Snapshot;
    }

    private static async Task EndAsync(DeploymentBench bench)
    {
        var end = bench.Services.GetRequiredService<PluginDeployments>().EndAsync(CancellationToken.None);
        await bench.UntilAsync(() => end.IsCompleted, "the end of the host application");
        await end;
    }
}
