using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using static Stormly.Deploy.Runtime.FollowBench;

namespace Stormly.Deploy.Runtime;

/// <summary>What stands in the followed folder and is not deployed by itself, or not yet.</summary>
public class FollowHeldTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Folder_ResultsAreHalfWrittenForAWhile_NothingChangesItIsReportedOnceAndMendedItIsDeployed()
    {
        await using var bench = await FollowAsync();
        var first = bench.Snapshot.ServingRevision;
        var file = Path.Combine(bench.Plugin, "results.json");
        var whole = bench.Source(2).Results[0].Utf8;
        await File.WriteAllBytesAsync(file, whole[..40], Token);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot.Source!.State == SourceState.Unusable, "the report");
        await bench.PassAsync(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(1));

        Assert.Contains("results.json", bench.Snapshot.Source!.Problem, StringComparison.Ordinal);
        Assert.Single(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Follow);
        Assert.Equal(first, bench.Snapshot.ServingRevision);
        Assert.Single(bench.Host.Started);
        await File.WriteAllBytesAsync(file, whole, Token);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot.ServingRevision != first && bench.Snapshot.Phase == DeploymentPhase.Ready, "the mended revision");
        await bench.UntilAsync(() => bench.Snapshot.Source is { State: SourceState.InStep, Problem: null }, "the end of the report");
        Assert.Contains(bench.Snapshot.Decisions, d => d.What == "use the plugin's folder again");
    }

    [Fact]
    [Trait("Fault", "77")]
    public async Task Folder_RevisionDoesNotStart_IsGivenUpAndNotTriedAgainByItselfWhichIsSaidOnce()
    {
        await using var bench = await FollowAsync();
        var first = bench.Snapshot.ServingRevision;
        bench.Host.OnStart = static i => i.Exit(3);
        await bench.WriteFolderAsync(2);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot.Revisions is [_, { Failure: not null }], "the rollback");
        bench.Host.OnStart = static _ => { };
        Assert.Equal(SourceState.Held, bench.Snapshot.Source!.State);
        var starts = bench.Host.Started.Count;
        await TouchAsync(bench);
        await TouchAsync(bench);

        Assert.Equal(first, bench.Snapshot.ServingRevision);
        Assert.Equal(starts, bench.Host.Started.Count);
        Assert.Single(bench.Snapshot.Decisions, d => d.What.StartsWith("not deploy revision", StringComparison.Ordinal));
        await ChangeAsync(bench, 3);
        Assert.NotEqual(first, bench.Snapshot.ServingRevision);
    }

    [Fact]
    public async Task RollbackAsync_ByHand_IsKeptToUntilTheFolderHoldsSomethingNew()
    {
        await using var bench = await FollowAsync();
        var first = bench.Snapshot.ServingRevision;
        await ChangeAsync(bench, 2);
        await bench.PlayAsync(bench.Deployments.RollbackAsync("churn", null, Token));
        await TouchAsync(bench);
        await bench.PassAsync(TimeSpan.FromSeconds(65), TimeSpan.FromSeconds(1));

        Assert.Equal(first, bench.Snapshot.ServingRevision);
        Assert.Equal(SourceState.Held, bench.Snapshot.Source!.State);
        Assert.Contains("went back from it by hand", bench.Snapshot.Source.Problem, StringComparison.Ordinal);
        await ChangeAsync(bench, 3);
        Assert.Equal(SourceState.InStep, bench.Snapshot.Source!.State);
        Assert.Equal(3, bench.Snapshot.Revisions.Length);
    }

    [Fact]
    public async Task RedeployAsync_RevisionThatIsHeld_IsDeployedAndInStepAgain()
    {
        await using var bench = await FollowAsync();
        await ChangeAsync(bench, 2);
        var second = bench.Snapshot.ServingRevision;
        await bench.PlayAsync(bench.Deployments.RollbackAsync("churn", null, Token));

        Assert.Equal(second, (await bench.PlayAsync(bench.Deployments.RedeployAsync("churn", Token))).ServingRevision);

        await bench.UntilAsync(() => bench.Snapshot.Source is { State: SourceState.InStep }, "the end of the hold");
    }

    [Fact]
    public async Task Folder_StageThatWasThereIsMissing_WaitsForTheRunToGetThere()
    {
        await using var bench = new DeploymentBench { Manifest = """{"stage": "trainMore", "downloadUrls": {"initial": "u", "trainMore": "u"}, "metadata": {"features": {}}}""" };
        var more = Path.Combine(bench.Plugin, "results-trainMore.json");
        await bench.WriteFolderAsync(1);
        File.Move(Path.Combine(bench.Plugin, "results.json"), Path.Combine(bench.Plugin, "results-initial.json"));
        await File.WriteAllTextAsync(more, """{"http": {"options": {"version": 10}}}""", Token);
        await StartAsync(bench);
        var first = bench.Snapshot.ServingRevision;
        File.Delete(more);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot.Source!.State == SourceState.Unusable, "the report");
        Assert.Contains("no results of the stage trainMore", bench.Snapshot.Source!.Problem, StringComparison.Ordinal);
        Assert.Equal(first, bench.Snapshot.ServingRevision);

        await File.WriteAllTextAsync(more, """{"http": {"options": {"version": 11}}}""", Token);
        bench.Watcher.Touch();

        await bench.UntilAsync(() => bench.Snapshot.ServingRevision != first && bench.Snapshot.Phase == DeploymentPhase.Ready, "the whole run");
    }

    [Fact]
    public async Task Start_FolderIsBroken_IsReportedOnceAndDeployedOnceItIsMended()
    {
        await using var bench = new DeploymentBench();
        await File.WriteAllTextAsync(Path.Combine(bench.Plugin, "results.json"), "{", Token);
        bench.Run(Follow, b => b.AddPlugin("churn", bench.Plugin, p => (p.Instances, p.MaxRequestsPerInstance) = (3, 7)));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Source?.State == SourceState.Unusable, "the report");
        await bench.PassAsync(TimeSpan.FromSeconds(65), TimeSpan.FromSeconds(1));
        Assert.Single(bench.Snapshot.Decisions);
        await bench.WriteFolderAsync(1);
        bench.Watcher.Touch();

        await bench.UntilAsync(() => bench.Snapshot.Phase == DeploymentPhase.Ready, "the mended plugin");
        Assert.Equal((3, 3, 7), (bench.Snapshot.WantedInstances, bench.Host.Running.Count, bench.Routes.Find("churn")!.MaxRequestsPerInstance));
    }
}
