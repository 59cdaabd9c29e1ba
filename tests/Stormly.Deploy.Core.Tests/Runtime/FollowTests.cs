using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using static Stormly.Deploy.Runtime.FollowBench;

namespace Stormly.Deploy.Runtime;

/// <summary>What changes in the folder that a deployment comes from is deployed by itself.</summary>
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
}
