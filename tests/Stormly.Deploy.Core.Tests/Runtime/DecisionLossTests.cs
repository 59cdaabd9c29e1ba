using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

/// <summary>Decisions that a crash takes away before they are on the disk: nobody who follows them reads one number twice, or misses what it stands for in the end.</summary>
public class DecisionLossTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WatchDecisionsAsync_CrashBeforeTheyWereStored_GoesOnAfterItsNumberAndReadsWhatIsKept()
    {
        var store = new MemoryStore(new());
        await using var bench = new DeploymentBench().Run(build: b => b.Services.AddSingleton<IDeploymentStore>(store));
        var seen = new ConcurrentQueue<DecisionRecord>();
        var watch = WatchAsync(bench, seen, 0);
        await bench.DeployAsync(bench.Source(1));
        var death = new TaskCompletionSource();
        store.Before = (_, _) => death.Task;
        _ = bench.Deployments.ScaleAsync("churn", 2, Token);
        await bench.UntilAsync(() => bench.Snapshot is { ReadyInstances: 2 } now && now.Decisions.Any(d => d.Kind == DecisionKind.Scale), "decisions that are not stored");
        await bench.PassAsync(TimeSpan.FromSeconds(5));
        var kept = new ConcurrentDictionary<PluginName, StoredDeployment>(store.Kept);
        var lost = bench.Snapshot.Decisions[^1].Sequence;
        death.SetException(new IOException("The host application is dead."));
        await bench.CrashAsync();
        await watch;
        Assert.InRange(seen.Count, 1, lost - 1);

        var next = new MemoryStore(kept);
        bench.Run(build: b => b.Services.AddSingleton<IDeploymentStore>(next));
        await bench.StartAsync();
        watch = WatchAsync(bench, seen, seen.Last().Sequence);
        await bench.DeployAsync(bench.Source(2));
        await bench.EndAsync();
        await watch;

        Assert.Equal(next.Kept.Single().Value.Decisions.AsEnumerable(), seen);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen.Select(d => d.Sequence));
        Assert.True(seen.Count >= lost, $"{lost} were decided before the crash, {seen.Count} in all: no number was given twice");
    }

    [Fact]
    [Trait("Fault", "49")]
    public async Task WatchDecisionsAsync_StoreCannotBeWrittenForAWhile_TellsThemOnceItCan()
    {
        var store = new MemoryStore(new());
        await using var bench = new DeploymentBench().Run(build: b => b.Services.AddSingleton<IDeploymentStore>(store));
        var seen = new ConcurrentQueue<DecisionRecord>();
        var watch = WatchAsync(bench, seen, 0);
        await bench.DeployAsync(bench.Source(1));
        store.Before = (_, _) => throw new IOException("No space left on /data");
        await Assert.ThrowsAsync<PluginDeploymentException>(() => bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 2, Token)));
        await bench.UntilAsync(() => bench.Snapshot.ReadyInstances == 2, "the second instance");
        var untold = bench.Snapshot.Decisions[^1].Sequence;
        Assert.DoesNotContain(seen, d => d.Kind == DecisionKind.Scale);

        store.Before = (_, _) => Task.CompletedTask;
        await bench.PlayAsync(bench.Deployments.ScaleAsync("churn", 3, Token));
        await bench.EndAsync();
        await watch;

        Assert.True(seen.Count > untold);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen.Select(d => d.Sequence));
    }

    [Fact]
    public async Task WatchDecisionsAsync_NoneAreKept_TellsThemAllTheSame()
    {
        await using var bench = new DeploymentBench().Run(o => o.Journal.Decisions = 0);
        var seen = new ConcurrentQueue<DecisionRecord>();
        var watch = WatchAsync(bench, seen, 0);

        await bench.DeployAsync(bench.Source(1));
        await bench.EndAsync();
        await watch;

        Assert.Contains(seen, d => d.What.EndsWith("serves", StringComparison.Ordinal));
        Assert.Contains(seen, d => d.What == "end all instances");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_AfterAnyEnd_SaysWhetherDecisionsMayBeMissing(bool planned)
    {
        await using var bench = new DeploymentBench().Run();
        await bench.DeployAsync(bench.Source(1));
        await (planned ? bench.EndAsync() : bench.CrashAsync());

        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");

        var said = bench.Snapshot.Decisions.Where(d => d.What == $"go on with decision {d.Sequence}").ToList();
        Assert.Equal(planned ? 0 : 1, said.Count);
        Assert.All(said, d => Assert.Contains("did not end as planned", d.Why, StringComparison.Ordinal));

        // A crash is told once.
        await bench.EndAsync();
        bench.Run();
        await bench.StartAsync();
        await bench.UntilAsync(() => bench.Deployments.Get("churn")?.Phase == DeploymentPhase.Ready, "the deployment to come back");
        Assert.Equal(said.Count, bench.Snapshot.Decisions.Count(d => d.What.StartsWith("go on with decision", StringComparison.Ordinal)));
    }

    /// <summary>Until the deployment is over, with this run of the host application or for good.</summary>
    private static async Task WatchAsync(DeploymentBench bench, ConcurrentQueue<DecisionRecord> seen, long after)
    {
        await foreach (var decision in bench.Deployments.WatchDecisionsAsync("churn", after, Token))
        {
            Assert.Equal(0, decision.Skipped);
            seen.Enqueue(decision.Decision);
        }
    }
}
