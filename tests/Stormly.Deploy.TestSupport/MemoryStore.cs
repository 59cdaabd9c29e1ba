using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.TestSupport;

/// <summary>A store in memory, as a host application could supply one; what <see cref="Kept"/> holds outlives it, as a database would.</summary>
public sealed class MemoryStore(ConcurrentDictionary<PluginName, StoredDeployment> kept) : IDeploymentStore
{
    private StoreOpening? _opening;

    public ConcurrentDictionary<PluginName, StoredDeployment> Kept { get; } = kept;

    /// <summary>Asked before every write and every deletion: what it throws is thrown.</summary>
    public Func<PluginName, StoreChange?, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    public bool Closed { get; private set; }

    public Task<StoreContent> OpenAsync(StoreOpening opening, CancellationToken cancellationToken)
    {
        _opening = opening;
        return Task.FromResult(new StoreContent { Deployments = [.. Kept.Values.Select(d => d with { Decisions = Newest(d.Decisions, opening.Newest) })] });
    }

    public async Task WriteAsync(PluginName plugin, StoreChange change, CancellationToken cancellationToken)
    {
        await Before(plugin, change).ConfigureAwait(false);
        Kept.AddOrUpdate(plugin, p => Add(new StoredDeployment { Plugin = p }, change), (_, now) => Add(now, change));
    }

    public async IAsyncEnumerable<DecisionRecord> ReadDecisionsAsync(PluginName plugin, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var decision in Kept.GetValueOrDefault(plugin)?.Decisions.Where(d => d.Sequence > after) ?? [])
        {
            yield return decision;
        }
    }

    public async Task DeleteAsync(PluginName plugin, CancellationToken cancellationToken)
    {
        await Before(plugin, null).ConfigureAwait(false);
        Kept.TryRemove(plugin, out _);
    }

    public Task CloseAsync()
    {
        Closed = true;
        return Task.CompletedTask;
    }

    private StoredDeployment Add(StoredDeployment now, StoreChange change) => now with
    {
        Document = change.Document.IsEmpty ? now.Document : change.Document.ToArray(),
        Decisions = Newest(now.Decisions.AddRange(change.Decisions), _opening!.Decisions),
    };

    private static ImmutableArray<DecisionRecord> Newest(ImmutableArray<DecisionRecord> all, int count) => all.Length <= count ? all : all[^count..];
}
