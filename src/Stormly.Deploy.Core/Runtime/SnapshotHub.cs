using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>Hands snapshots to those who watch. Each watcher holds the newest one only: a slow reader skips, and nothing piles up.</summary>
internal sealed class SnapshotHub
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, ImmutableArray<Channel<DeploymentSnapshot>>> _watchers = ImmutableDictionary<string, ImmutableArray<Channel<DeploymentSnapshot>>>.Empty;

    public void Publish(DeploymentSnapshot snapshot)
    {
        foreach (var watcher in Volatile.Read(ref _watchers).GetValueOrDefault(snapshot.Plugin.Value, []))
        {
            watcher.Writer.TryWrite(snapshot);
            if (snapshot.Phase == DeploymentPhase.Removed)
            {
                // The last one: whatever comes after a removal is another deployment, and must not take its place before it was read.
                watcher.Writer.TryComplete();
            }
        }
    }

    /// <summary>Follows one plugin until it is removed.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="now">Reads its present snapshot.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The snapshots, each newer than the one before.</returns>
    public async IAsyncEnumerable<DeploymentSnapshot> WatchAsync(
        string plugin, Func<DeploymentSnapshot?> now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<DeploymentSnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        Change(plugin, all => all.Add(channel));
        try
        {
            var last = now();
            if (last is not null)
            {
                yield return last;
            }

            await foreach (var snapshot in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (last is null || snapshot.Version > last.Version || last.Phase == DeploymentPhase.Removed)
                {
                    last = snapshot;
                    yield return snapshot;
                }
            }
        }
        finally
        {
            Change(plugin, all => all.Remove(channel));
        }
    }

    private void Change(string plugin, Func<ImmutableArray<Channel<DeploymentSnapshot>>, ImmutableArray<Channel<DeploymentSnapshot>>> how)
    {
        lock (_lock)
        {
            var all = how(_watchers.GetValueOrDefault(plugin, []));
            _watchers = all.IsEmpty ? _watchers.Remove(plugin) : _watchers.SetItem(plugin, all);
        }
    }
}
