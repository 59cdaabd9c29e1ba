using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

/// <summary>Decisions that outlive the host application, and those who follow them.</summary>
public class DecisionStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restart_EarlierDecisions_AreInTheSnapshotWithTheirTimeAndTheSequenceGoesOn()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        await bench.EndAsync();
        var before = bench.Snapshot.Decisions;

        bench.Run();
        bench.Clock.SetUtcNow(bench.Clock.GetUtcNow().AddDays(3));
        await ComeBackAsync(bench);

        var now = bench.Snapshot.Decisions;
        Assert.Equal(before.AsEnumerable(), now.Take(before.Length));
        Assert.Equal(Enumerable.Range(1, now.Length).Select(i => (long)i), now.Select(d => d.Sequence));
        Assert.All(now.Skip(before.Length), d => Assert.True(d.At >= before[0].At.AddDays(2)));
        Assert.Contains(before, d => d.Basis is { Inputs.Length: > 0 });
    }

    [Fact]
    public async Task WatchDecisionsAsync_AcrossARestart_TellsEachOnceInOrder()
    {
        await using var bench = new DeploymentBench().Run(o => o.DecisionsKept = 3);
        await bench.DeployAsync(bench.Source(1));
        await bench.EndAsync();
        bench.Run(o => o.DecisionsKept = 3);
        var seen = new List<WatchedDecision>();
        var watch = WatchAsync(bench, seen);
        await ComeBackAsync(bench);

        await bench.DeployAsync(bench.Source(2));
        Assert.True(await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", Token)));
        await watch.WaitAsync(TimeSpan.FromMinutes(3), Token);

        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen.Select(d => d.Decision.Sequence));
        Assert.All(seen, d => Assert.Equal(0, d.Skipped));
        Assert.Contains(seen, d => d.Decision is { Kind: DecisionKind.Recover });
    }

    [Fact]
    public async Task WatchDecisionsAsync_After_BeginsThere()
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));

        var last = bench.Snapshot.Decisions[^1].Sequence;
        await using var watch = bench.Deployments.WatchDecisionsAsync("churn", last - 2, Token).GetAsyncEnumerator(Token);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal((last - 1, 0), (watch.Current.Decision.Sequence, watch.Current.Skipped));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await bench.Deployments.WatchDecisionsAsync("churn", -1, Token).GetAsyncEnumerator(Token).MoveNextAsync());
    }

    /// <summary>A reader that stands still while more is decided than memory and disk keep: it is told how many it missed, and nothing was held for it.</summary>
    [Fact]
    public async Task WatchDecisionsAsync_SlowReader_IsToldHowManyAreKeptNoMore()
    {
        await using var bench = new DeploymentBench().Run(o => (o.DecisionsKept, o.Journal.Decisions) = (2, 5));
        await bench.DeployAsync(bench.Source(1));
        await using var watch = bench.Deployments.WatchDecisionsAsync("churn", 0, Token).GetAsyncEnumerator(Token);
        Assert.True(await watch.MoveNextAsync());
        var first = watch.Current.Decision.Sequence;
        for (var i = 2; i < 8; i++)
        {
            await bench.DeployAsync(bench.Source(i));
        }

        var (skipped, last, read) = (0L, first, 0);
        while (last < bench.Snapshot.Decisions[^1].Sequence && await watch.MoveNextAsync())
        {
            Assert.Equal(last + watch.Current.Skipped + 1, watch.Current.Decision.Sequence);
            (skipped, last, read) = (skipped + watch.Current.Skipped, watch.Current.Decision.Sequence, read + 1);
        }

        Assert.True(skipped > 10, $"{skipped} skipped, {read} read");
        Assert.Equal(last - first, skipped + read);
    }

    /// <summary>Memory holds two, the disk all: a reader of any speed misses none.</summary>
    [Fact]
    public async Task WatchDecisionsAsync_MoreThanMemoryHolds_ReadsOnFromTheDisk()
    {
        await using var bench = new DeploymentBench().Run(o => o.DecisionsKept = 1);
        await bench.DeployAsync(bench.Source(1));
        await using var watch = bench.Deployments.WatchDecisionsAsync("churn", 0, Token).GetAsyncEnumerator(Token);
        Assert.True(await watch.MoveNextAsync());
        for (var i = 2; i < 5; i++)
        {
            await bench.DeployAsync(bench.Source(i));
        }

        for (var expected = 2L; expected <= bench.Snapshot.Decisions[^1].Sequence; expected++)
        {
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal((expected, 0), (watch.Current.Decision.Sequence, watch.Current.Skipped));
        }
    }

    [Fact]
    public async Task Store_OfTheHostApplication_IsUsedAndClosed()
    {
        var store = new MemoryStore(new());
        await using var bench = new DeploymentBench().Run(build: b => b.Services.AddSingleton<IDeploymentStore>(store));
        await bench.DeployAsync(bench.Source(1));
        await bench.EndAsync();

        Assert.True(store.Closed);
        Assert.Empty(Directory.GetFiles(Path.Combine(bench.State, "deployments")));
        bench.Run(build: b => b.Services.AddSingleton<IDeploymentStore>(new MemoryStore(store.Kept)));
        await ComeBackAsync(bench);
        Assert.Equal(DeploymentPhase.Ready, bench.Snapshot.Phase);
    }

    [Fact]
    [Trait("Fault", "49")]
    public async Task Store_CannotBeWritten_TheCallIsToldInstancesGoOnAndTheNextChangeBringsItAll()
    {
        var store = new MemoryStore(new());
        await using var bench = new DeploymentBench().Run(build: b => b.Services.AddSingleton<IDeploymentStore>(store));
        var first = await bench.DeployAsync(bench.Source(1));
        store.Before = (_, _) => throw new IOException("No space left on /data");

        var error = await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.DeployAsync(bench.Source(2)));

        Assert.Contains("No space left on /data", error.Message, StringComparison.Ordinal);
        Assert.Contains("would not come back like this", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, bench.Snapshot.ReadyInstances);
        Assert.NotEqual(first.ServingRevision, bench.Snapshot.ServingRevision);
        await bench.UntilAsync(() => bench.Snapshot.Decisions.Any(d => d.Why.Contains("No space left", StringComparison.Ordinal)), "the decision");

        store.Before = (_, _) => Task.CompletedTask;
        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 2, Token));
        await bench.EndAsync();
        var kept = Assert.Single(store.Kept.Values);
        Assert.Equal(Enumerable.Range(1, kept.Decisions.Length).Select(i => (long)i), kept.Decisions.Select(d => d.Sequence));
        Assert.Equal(bench.Snapshot.WantedRevision!.Digest, DeploymentDocument.Read(kept.Document.Span).Serves!.Revision);
    }

    private static async Task WatchAsync(DeploymentBench bench, List<WatchedDecision> seen)
    {
        await foreach (var decision in bench.Deployments.WatchDecisionsAsync("churn", 0, Token))
        {
            seen.Add(decision);
        }
    }

    private static async Task ComeBackAsync(DeploymentBench bench)
    {
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");
    }
}
