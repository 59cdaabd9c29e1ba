using System.Collections.Concurrent;
using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// The real loops on an in-memory backend, a real state folder and a played clock; the host application dies at each point at which it waits for its backend or its
/// store, one run for each. The next run must come to what the last answered call promised, or to what was under way; nothing is doubled and nothing is left.
/// </summary>
public class CrashAtEveryCallTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    [Theory]
    [Trait("Fault", "46")]
    [InlineData(HostEndAction.EndPlugins)]
    [InlineData(HostEndAction.KeepPluginsAfterCrash)]
    public async Task Die_AtAnyCall_TheNextRunComesToWhatWasPromised(HostEndAction plugins)
    {
        var points = (await PlayAsync(plugins, null)).Seen;
        Assert.InRange(points.Length, 40, 400);
        var died = new ConcurrentBag<string>();

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(points, parallel, async (at, _) =>
        {
            if ((await PlayAsync(plugins, at)).Died)
            {
                died.Add(at);
            }
        });

        // How much is written at once differs from run to run, so the last of the writes may not come about.
        Assert.InRange(died.Count, points.Length * 3 / 4, points.Length);
        Assert.Superset(Ends("OpenAsync 1", "StartAsync 1", "StartAsync 4", "StopAsync 1", "WriteAsync 1", "WriteAsync 8", "DeleteAsync 1"), died.ToHashSet());
    }

    private static HashSet<string> Ends(params string[] calls) => [.. calls.SelectMany(c => new[] { $"before {c}", $"after {c}" })];

    private static async Task<(ImmutableArray<string> Seen, bool Died)> PlayAsync(HostEndAction plugins, string? at)
    {
        await using var bench = new DeploymentBench();
        var points = new CrashPoints(bench, at);
        bench.Run(o => o.WhenHostEnds = plugins, b => points.Watch(b.Services));
        bench.Host.OnStart = Fate(bench);
        var promises = new Promises();
        await ActAsync(bench, points, promises);
        if (points.Died)
        {
            await points.BuryAsync(promises.Call);
            bench.Run(o => o.WhenHostEnds = plugins);
            bench.Host.OnStart = Fate(bench);
            await CheckAsync(bench, promises, $"died {at} during {promises.Doing}");
        }

        return (points.Seen, points.Died);
    }

    /// <summary>The revision of version 13 ends at once.</summary>
    private static Action<Testing.InMemoryInstance> Fate(DeploymentBench bench) => instance =>
    {
        if (instance.Manifest.Contains("\"version\": 13", StringComparison.Ordinal))
        {
            instance.Exit(3);
        }
    };

    private static async Task ActAsync(DeploymentBench bench, CrashPoints points, Promises promises)
    {
        var token = TestContext.Current.CancellationToken;
        await DoAsync("the first deploy", new(1, 2), () => bench.Deployments.DeployAsync(bench.Source(1, instances: 2), token));
        await DoAsync("a redeploy", new(2, 2), () => bench.Deployments.DeployAsync(bench.Source(2), token));
        await DoAsync("a redeploy of a revision that ends at once", promises.Now, () => bench.Deployments.DeployAsync(bench.Source(13), token), fails: true);
        await DoAsync("scaling", new(2, 3), () => bench.Deployments.ScaleAsync("churn", 3, token));
        await DoAsync("the removal", null, () => bench.Deployments.RemoveAsync("churn", token));

        async Task DoAsync(string what, Promise? wanted, Func<Task> call, bool fails = false)
        {
            if (points.Died)
            {
                return;
            }

            promises.Begin(what, wanted);
            var doing = promises.Call = call();
            await bench.UntilAsync(() => doing.IsCompleted || points.Died, what, Step, Within);
            if (!points.Died)
            {
                Assert.Equal(fails, doing.IsFaulted);
                promises.Keep(wanted);
            }

            _ = doing.ContinueWith(static d => d.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private static async Task CheckAsync(DeploymentBench bench, Promises promises, string where)
    {
        await bench.StartAsync();
        await bench.UntilAsync(IsThere, $"what was promised: {where}", Step, Within);
        await bench.PassAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));

        // A rollout that was taken up again may have come to nothing meanwhile, and the last of it may still be ending.
        await bench.UntilAsync(() => IsThere() && IsTidy(bench), $"what was promised, and nothing else: {where}", Step, Within);

        // It is as good as new: another revision comes in, and is taken away without a rest.
        await bench.DeployAsync(bench.Source(3), Step);
        await bench.UntilAsync(() => bench.Host.Machine.Living.All(i => i.Spec.Revision == bench.Snapshot.ServingRevision), $"only the newest: {where}", Step, Within);
        await bench.PlayAsync(bench.Deployments.RemoveAsync("churn", TestContext.Current.CancellationToken), Step);
        Assert.Empty(bench.Host.Machine.Living);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(bench.State, "instances")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(bench.State, "revisions")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(bench.State, "deployments")));

        bool IsThere() => promises.Any(p => IsReached(bench, p, promises.Promised));
    }

    /// <summary>Whether there is a folder for each instance that lives, and no other.</summary>
    private static bool IsTidy(DeploymentBench bench) => bench.Host.Machine.Living.Select(i => i.Id.Value).ToHashSet()
        .SetEquals(Directory.GetDirectories(Path.Combine(bench.State, "instances")).Select(f => Path.GetFileName(f)));

    private static bool IsReached(DeploymentBench bench, Promise? promise, bool promised)
    {
        var living = bench.Host.Machine.Living;
        return promise is null
            ? living.Count == 0 && bench.Deployments.List().All(d => !promised && d is { Phase: DeploymentPhase.Failed, Instances.IsEmpty: true })
            : bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready } now && now.ReadyInstances == promise.Instances && living.Count == promise.Instances
                && living.All(i => i.Manifest.Contains($"\"version\": {promise.Version}", StringComparison.Ordinal));
    }

    private sealed record Promise(int Version, int Instances);

    /// <summary>What the last answered call promised, and what the one under way would.</summary>
    private sealed class Promises
    {
        public Promise? Now { get; private set; }

        public string Doing { get; private set; } = "";

        /// <summary>Whether any call was answered: before that a deployment may be known of which nothing ever served.</summary>
        public bool Promised { get; private set; }

        /// <summary>The call that is under way, or was last.</summary>
        public Task Call { get; set; } = Task.CompletedTask;

        private Promise? Next { get; set; }

        public void Begin(string what, Promise? next) => (Doing, Next) = (what, next);

        public void Keep(Promise? kept) => (Now, Next, Promised) = (kept, kept, true);

        public bool Any(Func<Promise?, bool> reached) => reached(Now) || reached(Next);
    }
}
