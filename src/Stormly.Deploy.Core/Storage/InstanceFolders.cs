using System.Buffers;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>Makes and removes the folders of instances.</summary>
internal sealed class InstanceFolders(StateFolder state)
{
    /// <summary>How many logs of failed instances are kept for each plugin.</summary>
    public const int FailedLogsKept = 3;

    public string Root => state.Instances;

    /// <summary>Makes an instance's folder: a copy of the plugin's files, the server manifest, an empty folder for the log.</summary>
    /// <param name="id">The instance.</param>
    /// <param name="revision">What it runs.</param>
    /// <param name="manifest">The manifest to write; the plugin may do with the file what it likes, the next instance gets a new one.</param>
    /// <param name="cancellationToken">Gives up; nothing is left of it then.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public InstanceFolder Create(InstanceId id, StoredRevision revision, PluginManifest manifest, CancellationToken cancellationToken)
    {
        var folder = new InstanceFolder(Path.Combine(state.Instances, id.Value));
        try
        {
            StateFolder.CreatePrivate(folder.Path);
            Directory.CreateDirectory(folder.Logs);
            FolderCopy.Copy(revision.Files, folder.Work, null, cancellationToken);
            var text = new ArrayBufferWriter<byte>();
            ServerManifest.Write(manifest, revision.Spec.Options, text);
            AtomicFile.Write(folder.Manifest, text.WrittenSpan);
            return folder;
        }
        catch (Exception error)
        {
            FolderRemoval.TryRemove(folder.Path);
            if (StorageException.IsDiskError(error))
            {
                throw StorageException.At(folder.Path, "Making the instance's folder", error);
            }

            throw;
        }
    }

    /// <summary>Removes an instance's folder once nothing of it runs any more.</summary>
    /// <param name="id">The instance.</param>
    /// <param name="plugin">Its plugin.</param>
    /// <param name="keepLog">Whether its log stays for those who look for the cause of a failure.</param>
    public void Remove(InstanceId id, PluginName plugin, bool keepLog)
    {
        var folder = new InstanceFolder(Path.Combine(state.Instances, id.Value));
        if (keepLog)
        {
            KeepLog(folder, id, plugin);
        }

        FolderRemoval.TryRemove(folder.Path);
    }

    /// <summary>Removes the folders of instances of an earlier host application.</summary>
    /// <param name="except">Those that still run.</param>
    public void RemoveStrays(IReadOnlySet<string> except)
    {
        foreach (var folder in Directory.GetDirectories(state.Instances).Where(f => !except.Contains(Path.GetFileName(f))))
        {
            FolderRemoval.TryRemove(folder);
        }
    }

    private void KeepLog(InstanceFolder folder, InstanceId id, PluginName plugin)
    {
        try
        {
            if (!File.Exists(folder.Log))
            {
                return;
            }

            var home = Directory.CreateDirectory(Path.Combine(state.Path, "failed", plugin.Value));
            Directory.Move(folder.Logs, Path.Combine(home.FullName, id.Value));
            foreach (var old in home.GetDirectories().OrderByDescending(d => d.LastWriteTimeUtc).Skip(FailedLogsKept))
            {
                FolderRemoval.TryRemove(old.FullName);
            }
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            // The log was a convenience; the instance's end must not fail for it.
        }
    }
}
