using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>
/// Keeps what must outlive the host application, apart from files: for each deployment a document that says what is to come back, and the newest of its
/// decisions. The default keeps one journal a deployment in the state folder. Register another one as a singleton before <c>AddPluginDeployment</c>, for a
/// database that is backed up, say; revisions and instances stay in the state folder whatever store there is. Calls for one deployment come one after the
/// other, calls for several deployments at the same time. Whatever a member throws is told to whoever waits for it, and running instances go on.
/// </summary>
public interface IDeploymentStore
{
    /// <summary>Takes the store into use and reads everything. Called once, before anything else, at the start of the host application; an error keeps it from starting.</summary>
    /// <param name="opening">Where and how much.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is kept. A deployment whose state cannot be trusted is a problem there, not an error: the others come back without it.</returns>
    Task<StoreContent> OpenAsync(StoreOpening opening, CancellationToken cancellationToken);

    /// <summary>Writes a change: all of it or nothing, and durable when the task completes. A deployment that is not there yet begins with it.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="change">A new document, decisions, or both.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task.</returns>
    /// <exception cref="PluginDeploymentException">It cannot be written; what was kept before is unchanged.</exception>
    Task WriteAsync(PluginName plugin, StoreChange change, CancellationToken cancellationToken);

    /// <summary>Reads kept decisions, the oldest first, each once. May be called while changes are written.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="after">Only those with a greater sequence.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The decisions; none where nothing is kept.</returns>
    IAsyncEnumerable<DecisionRecord> ReadDecisionsAsync(PluginName plugin, long after, CancellationToken cancellationToken);

    /// <summary>Deletes all of a deployment; nothing is done where nothing is kept.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when it would not come back after a crash.</returns>
    /// <exception cref="PluginDeploymentException">It cannot be deleted.</exception>
    Task DeleteAsync(PluginName plugin, CancellationToken cancellationToken);

    /// <summary>Called once when the host application ends, after everything else.</summary>
    /// <returns>A task.</returns>
    Task CloseAsync();
}
