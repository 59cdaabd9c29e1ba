using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Runtime;

/// <summary>The host application dies at its first write of state, at its second, and so on: just before it is on the disk, and just after.</summary>
public class StoreCrashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Fault", "45")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Crash_AtAnyWrite_TheNextRunKeepsWhatWasPromisedOrFinishesWhatWasUnderWay(bool written)
    {
        var deaths = 0;
        while (await DieAsync(deaths + 1, written))
        {
            deaths++;
        }

        Assert.InRange(deaths, 6, 100);
    }

    /// <returns>Whether there were so many writes.</returns>
    private static async Task<bool> DieAsync(int at, bool written)
    {
        await using var bench = new DeploymentBench();
        var store = new DyingStore(at, written);
        bench.Run(build: b => b.Services.AddSingleton<IDeploymentStore>(store));
        (string? Revision, int Instances) promised = (null, 0);
        foreach (var call in Calls(bench))
        {
            var answer = call();
            await bench.UntilAsync(() => answer.IsCompleted || store.Died, "an answer or the end");
            if (store.Died)
            {
                break;
            }

            promised = ((await answer).ServingRevision!.Digest, (await answer).WantedInstances);
        }

        if (!store.Died)
        {
            await bench.EndAsync();
            return false;
        }

        var (wanted, instances) = (bench.Deployments.Get("churn")?.WantedRevision?.Digest, bench.Deployments.Get("churn")?.WantedInstances);
        await bench.CrashAsync();
        bench.Run();
        await bench.StartAsync();
        var kept = KeptState.ServesOf(bench.State, "churn").Length > 0 || KeptState.ComingOf(bench.State, "churn").Length > 0;
        var where = string.Create(CultureInfo.InvariantCulture, $"died at write {at}, {(written ? "just after" : "just before")} it was on the disk");
        Assert.True(kept || promised.Revision is null, $"{where}: nothing comes back");
        if (kept)
        {
            await bench.UntilAsync(() => bench.Deployments.Get("churn") is { Phase: DeploymentPhase.Ready } now && now.WantedRevision == now.ServingRevision, where);
            var now = bench.Snapshot;
            Assert.True(now.ServingRevision!.Digest == promised.Revision || now.ServingRevision.Digest == wanted, $"{where}: {now.ServingRevision} serves");
            Assert.True(now.WantedInstances == promised.Instances || now.WantedInstances == instances, $"{where}: {now.WantedInstances} are wanted");
        }

        return true;
    }

    private static IEnumerable<Func<Task<DeploymentSnapshot>>> Calls(DeploymentBench bench) =>
    [
        () => bench.Deployments.DeployAsync(bench.Source(1), Token),
        () => bench.Deployments.DeployAsync(bench.Source(2), Token),
        () => bench.Deployments.ScaleAsync("churn", 2, Token),
        () => bench.Deployments.RollbackAsync("churn", null, Token),
    ];

    /// <summary>The file store until the host application dies over one of its writes; from then on nothing reaches the disk.</summary>
    private sealed class DyingStore(int at, bool written) : IDeploymentStore
    {
        private readonly FileDeploymentStore _files = new();
        private int _writes;

        public bool Died => Volatile.Read(ref _writes) >= at;

        public Task<StoreContent> OpenAsync(StoreOpening opening, CancellationToken cancellationToken) => _files.OpenAsync(opening, cancellationToken);

        public async Task WriteAsync(PluginName plugin, StoreChange change, CancellationToken cancellationToken)
        {
            if (Volatile.Read(ref _writes) + 1 < at || (written && Volatile.Read(ref _writes) + 1 == at))
            {
                await _files.WriteAsync(plugin, change, cancellationToken);
            }

            if (Interlocked.Increment(ref _writes) >= at)
            {
                throw new IOException("The host application is dead.");
            }
        }

        public IAsyncEnumerable<DecisionRecord> ReadDecisionsAsync(PluginName plugin, long after, CancellationToken cancellationToken) => _files.ReadDecisionsAsync(plugin, after, cancellationToken);

        public Task DeleteAsync(PluginName plugin, CancellationToken cancellationToken) => throw new IOException("The host application is dead.");

        public Task CloseAsync() => _files.CloseAsync();
    }
}
