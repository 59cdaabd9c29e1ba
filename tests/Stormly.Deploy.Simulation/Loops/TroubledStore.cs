using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Simulation;

/// <summary>A store on a disk that is full at times.</summary>
/// <param name="inner">The store.</param>
/// <param name="isFull">Whether the disk is full just now.</param>
internal sealed class TroubledStore(IDeploymentStore inner, Func<bool> isFull) : IDeploymentStore
{
    public Task<StoreContent> OpenAsync(StoreOpening opening, CancellationToken cancellationToken) => inner.OpenAsync(opening, cancellationToken);

    public Task WriteAsync(PluginName plugin, StoreChange change, CancellationToken cancellationToken)
        => isFull() ? Task.FromException(Full()) : inner.WriteAsync(plugin, change, cancellationToken);

    public IAsyncEnumerable<DecisionRecord> ReadDecisionsAsync(PluginName plugin, long after, CancellationToken cancellationToken) => inner.ReadDecisionsAsync(plugin, after, cancellationToken);

    public Task DeleteAsync(PluginName plugin, CancellationToken cancellationToken) => isFull() ? Task.FromException(Full()) : inner.DeleteAsync(plugin, cancellationToken);

    public Task CloseAsync() => inner.CloseAsync();

    private static IOException Full() => new("No space left on device");
}
