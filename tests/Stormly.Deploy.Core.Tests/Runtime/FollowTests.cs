using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Following;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

public class FollowTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Fault", "76")]
    public async Task Folder_HoldsANewRevision_IsDeployedByItselfWhileTheOldServes()
    {
        await using var bench = await FollowAsync();
        var first = bench.Snapshot.ServingRevision;
        Assert.Equal((SourceState.InStep, first), (bench.Snapshot.Source!.State, bench.Snapshot.Source.Revision));
        await bench.WriteFolderAsync(2);
        bench.Watcher.Touch();

        await bench.UntilAsync(() => bench.Snapshot.ServingRevision != first && bench.Snapshot.Phase == DeploymentPhase.Ready, "the new revision");

        Assert.Equal(2, bench.Host.Started.Count);
        Assert.Equal(SourceState.InStep, bench.Snapshot.Source!.State);
        Assert.Equal(bench.Snapshot.ServingRevision, bench.Snapshot.Source.Revision);
        Assert.Contains(bench.Snapshot.Decisions, d => d.Kind == DecisionKind.Follow && d.What.StartsWith("deploy revision", StringComparison.Ordinal));
        Assert.Contains("\"version\": 2", bench.Host.Started[^1].Manifest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_FileSystemNeverTells_IsNoticedByTheScan()
    {
        await using var bench = await FollowAsync();
        var first = bench.Snapshot.ServingRevision;
        await bench.PassAsync(TimeSpan.FromSeconds(5));
        await bench.WriteFolderAsync(2);

        await bench.UntilAsync(() => bench.Snapshot.ServingRevision != first && bench.Snapshot.Phase == DeploymentPhase.Ready, "the scan", TimeSpan.FromMilliseconds(500));

        Assert.Equal(2, bench.Host.Started.Count);
    }

    [Fact]
    public async Task Folder_FileSystemCannotTell_IsSaidOnceAndTheScanGoesOn()
    {
        await using var bench = new DeploymentBench();
        bench.Watcher.Refusal = new IOException("the limit of watches is reached");
        await StartAsync(bench);
        await bench.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1));
        Assert.Equal("the limit of watches is reached", bench.Snapshot.Source!.ScanOnly);
        var first = bench.Snapshot.ServingRevision;
        await bench.WriteFolderAsync(2);

        await bench.UntilAsync(() => bench.Snapshot.ServingRevision != first && bench.Snapshot.Phase == DeploymentPhase.Ready, "the scan", TimeSpan.FromMilliseconds(500));

        Assert.Single(bench.Snapshot.Decisions, d => d.Why.Contains("limit of watches", StringComparison.Ordinal));
        bench.Watcher.Refusal = null;
        await bench.UntilAsync(() => bench.Snapshot.Source!.ScanOnly is null, "a watch", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Folder_WatchOverflows_IsListenedToAnewAndNothingIsMissed()
    {
        await using var bench = await FollowAsync();
        var first = bench.Snapshot.ServingRevision;
        await bench.WriteFolderAsync(2);
        bench.Watcher.Lose("too many changes at once");

        await bench.UntilAsync(() => bench.Snapshot.ServingRevision != first && bench.Snapshot.Phase == DeploymentPhase.Ready, "the new revision");

        Assert.Equal(2, bench.Watcher.Begun);
        Assert.Equal(1, bench.Watcher.Listening);
        await bench.UntilAsync(() => bench.Snapshot.Source!.ScanOnly is null, "the new watch");
        Assert.Single(bench.Snapshot.Decisions, d => d.Why.Contains("too many changes", StringComparison.Ordinal));
    }

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
    public async Task Folder_VanishesAndComesBack_NothingIsTouched()
    {
        await using var bench = await FollowAsync();
        var first = bench.Snapshot.ServingRevision;
        Directory.Move(bench.Plugin, bench.Plugin + ".away");
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot.Source!.State == SourceState.Unusable, "the report");
        Assert.Contains("there is no such folder", bench.Snapshot.Source!.Problem, StringComparison.Ordinal);

        Directory.Move(bench.Plugin + ".away", bench.Plugin);
        await bench.UntilAsync(() => bench.Snapshot.Source!.State == SourceState.InStep, "the return", TimeSpan.FromMilliseconds(500));

        Assert.Equal(first, bench.Snapshot.ServingRevision);
        Assert.Single(bench.Host.Started);
    }

    [Fact]
    public async Task Folder_IsALinkThatIsMadeToPointElsewhere_IsDeployedAsAWhole()
    {
        await using var bench = new DeploymentBench();
        var (v1, v2, current) = (bench.Plugin + "-v1", bench.Plugin + "-v2", bench.Plugin + "-current");
        await bench.WriteFolderAsync(1, v1);
        await bench.WriteFolderAsync(2, v2);
        Directory.CreateSymbolicLink(current, v1);
        await StartAsync(bench, current);
        var first = bench.Snapshot.ServingRevision;

        Directory.Delete(current);
        Directory.CreateSymbolicLink(current, v2);
        await bench.UntilAsync(() => bench.Snapshot.ServingRevision != first && bench.Snapshot.Phase == DeploymentPhase.Ready, "the switch", TimeSpan.FromMilliseconds(500));

        Assert.Contains("\"version\": 2", bench.Host.Started[^1].Manifest, StringComparison.Ordinal);
        Assert.Equal(2, bench.Watcher.Begun);
        Assert.Equal(1, bench.Watcher.Listening);
    }

    [Fact]
    public async Task Folder_ChangesBackToAKeptRevision_ReusesIt()
    {
        await using var bench = await FollowAsync();
        var first = bench.Snapshot.ServingRevision;
        await ChangeAsync(bench, 2);

        await ChangeAsync(bench, 1);

        Assert.Equal(first, bench.Snapshot.ServingRevision);
        Assert.Equal(2, bench.Snapshot.Revisions.Length);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(bench.State, "revisions", "churn")).Length);
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
    public async Task Folder_OfACall_IsFollowedAlsoAfterARestartAndWhatChangedMeanwhileIsDeployed()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(Follow);
        await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin));
        var first = bench.Snapshot.ServingRevision;
        await bench.EndAsync();
        await bench.WriteFolderAsync(2);

        bench.Run(Follow);
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Snapshot is { Phase: DeploymentPhase.Ready, ServingRevision: { } serves } && serves != first, "the new revision");
        await ChangeAsync(bench, 3);

        Assert.Equal(3, bench.Snapshot.Revisions.Length);
    }

    [Fact]
    public async Task Folder_NotToBeFollowed_ChangesNothing()
    {
        await using var bench = new DeploymentBench();
        await bench.WriteFolderAsync(1);
        bench.Run(Follow, b => b.AddPlugin("other", bench.Plugin, p => p.Follow = new FollowOptions { Enabled = false }));
        await bench.DeployAsync(PluginSource.FromFolder("churn", bench.Plugin) with { Follow = false });
        await bench.UntilAsync(() => bench.Deployments.Get("other")?.Phase == DeploymentPhase.Ready, "the other");
        await bench.WriteFolderAsync(2);
        bench.Watcher.Touch();
        await bench.PassAsync(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(1));

        Assert.Equal(0, bench.Watcher.Begun);
        Assert.Null(bench.Snapshot.Source);
        Assert.Equal(2, bench.Host.Started.Count);
        await bench.EndAsync();
        bench.Run(Follow);
        await bench.StartAsync();
        await bench.PassAsync(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(1));
        Assert.Equal(0, bench.Watcher.Begun);
    }

    [Fact]
    public async Task DeployAsync_SourceOfCode_EndsTheFollowing()
    {
        await using var bench = await FollowAsync();

        var done = await bench.DeployAsync(bench.Source(5));
        await bench.UntilAsync(() => bench.Watcher.Listening == 0 && bench.Snapshot.Source is null, "the end of the following");
        await bench.WriteFolderAsync(6);
        await bench.PassAsync(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(1));

        Assert.Equal(done.ServingRevision, bench.Snapshot.ServingRevision);
    }

    [Fact]
    public async Task RemoveAsync_FollowedDeployment_ListensNoMoreAndDeploysNothing()
    {
        await using var bench = await FollowAsync();

        await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", Token));
        await bench.UntilAsync(() => bench.Watcher.Listening == 0, "the end of the following");
        await bench.WriteFolderAsync(2);
        await bench.PassAsync(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(1));

        Assert.Empty(bench.Deployments.List());
        Assert.Empty(Directory.GetDirectories(Path.Combine(bench.State, "revisions")));
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

    [Fact]
    public async Task CatchUpAsync_ManyThingsWereTold_AllOfThemAreInTheSnapshot()
    {
        await using var bench = await FollowAsync();
        var controller = (await bench.Services.GetRequiredService<PluginDeployments>().EnsureStartedAsync(Token)).Find("churn")!;
        for (var i = 0; i < 100; i++)
        {
            controller.TryTell(new DeploymentEvent.Noted(DecisionKind.Follow, "churn", $"note {i}", ""));
        }

        await controller.CatchUpAsync(Token);

        Assert.Contains(bench.Snapshot.Decisions, d => d.What == "note 99");
        await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", Token));
        await controller.CatchUpAsync(Token);
    }

    [Fact]
    public async Task Folder_ReadInManyWays_IsCountedByWhatCameOfIt()
    {
        await using var bench = await FollowAsync();
        var outcomes = new ConcurrentQueue<string>();
        var meter = bench.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "stormly.deploy.source.readings" && instrument.Meter.Scope == meter)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => outcomes.Enqueue($"{tags[0].Value} {tags[1].Value}"));
        listener.Start();

        await TouchAsync(bench);
        await ChangeAsync(bench, 2);
        await File.WriteAllTextAsync(Path.Combine(bench.Plugin, "results.json"), "{", Token);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot.Source!.State == SourceState.Unusable, "the report");

        Assert.Equal(["churn in_step", "churn deployed", "churn unusable"], outcomes);
    }

    [Fact]
    public void AddPlugin_OptionsOutOfRange_SaysAllOfThem()
    {
        var bench = new DeploymentBench();

        var error = Assert.Throws<PluginDeploymentException>(() => bench.Run(build: b => b.AddPlugin("churn", bench.Plugin, p =>
        {
            p.Instances = 0;
            p.Follow = new FollowOptions { Quiet = TimeSpan.Zero };
        })));

        Assert.Contains("churn:Instances must be from 1 to 1000, was: 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("churn:Follow:Quiet must be from", error.Message, StringComparison.Ordinal);
    }

    private static void Follow(PluginDeploymentOptions options) => options.Follow.Enabled = true;

    private static async Task<DeploymentBench> FollowAsync()
    {
        var bench = new DeploymentBench();
        await StartAsync(bench);
        return bench;
    }

    private static async Task StartAsync(DeploymentBench bench, string? folder = null)
    {
        if (folder is null && !Directory.EnumerateFiles(bench.Plugin, "results*").Any())
        {
            await bench.WriteFolderAsync(1);
        }

        bench.Run(Follow, b => b.AddPlugin("churn", folder ?? bench.Plugin));
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready, Source: not null }, "the deployment to come up");
    }

    private static async Task ChangeAsync(DeploymentBench bench, int version)
    {
        var before = bench.Snapshot.ServingRevision;
        await bench.WriteFolderAsync(version);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot is { Phase: DeploymentPhase.Ready, Source.State: SourceState.InStep } now && now.ServingRevision != before, $"version {version}");
    }

    /// <summary>A change that leaves everything as it is, and time enough for it to be read.</summary>
    private static async Task TouchAsync(DeploymentBench bench)
    {
        File.SetLastWriteTimeUtc(Path.Combine(bench.Plugin, "server.py"), bench.Clock.GetUtcNow().UtcDateTime);
        bench.Watcher.Touch();
        await bench.UntilAsync(() => bench.Snapshot.Source!.State != SourceState.Changing, "the reading");
        await bench.PassAsync(TimeSpan.FromSeconds(5));
    }
}
