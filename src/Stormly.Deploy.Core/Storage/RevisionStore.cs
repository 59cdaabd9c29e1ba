using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>Keeps whole revisions, each in a folder named after its digest: spec, manifest, and a copy of the plugin's files.</summary>
internal sealed class RevisionStore(StateFolder state, TimeProvider? time = null)
{
    private const string SpecName = "spec.json";
    private const string ManifestName = "manifest.json";
    private const string AboutName = "revision.json";
    private const string FilesName = "files";
    private const string Unfinished = ".unfinished-";

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();

    /// <summary>Stores a content under its digest; one that is there already is left as it is, but for the newer download addresses.</summary>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Gives up; nothing is left of it then.</param>
    /// <returns>The revision.</returns>
    /// <exception cref="StorageException">The folder cannot be read, or the state folder not be written.</exception>
    public StoredRevision Save(RevisionContent content, CancellationToken cancellationToken)
    {
        using var draft = Draft(content, cancellationToken);
        return Keep(draft);
    }

    /// <summary>Refuses a plugin's folder that holds the state folder: it would be copied into itself, and would change with all that is stored.</summary>
    /// <param name="folder">The plugin's folder.</param>
    /// <exception cref="StorageException">The state folder lies in it.</exception>
    public void RequireApart(string folder)
    {
        if (Directory.Exists(folder) && WithEnd(state.Path).StartsWith(WithEnd(folder), StringComparison.Ordinal))
        {
            throw StorageException.Because($"The state folder '{state.Path}' lies in the plugin's folder '{folder}', which would be copied into itself. Set StateFolder to a folder outside.");
        }

        static string WithEnd(string path) => Path.TrimEndingDirectorySeparator(Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path)) + Path.DirectorySeparatorChar;
    }

    /// <summary>Copies a content, without its being a revision yet.</summary>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Gives up; nothing is left of it then.</param>
    /// <returns>The copy, which is removed with it.</returns>
    /// <exception cref="StorageException">The folder cannot be read, or the state folder not be written.</exception>
    public RevisionDraft Draft(RevisionContent content, CancellationToken cancellationToken)
    {
        RequireApart(content.Folder);
        var draft = Path.Combine(state.Revisions, content.Plugin.Value, $"{Unfinished}{Guid.NewGuid():N}");
        try
        {
            StateFolder.CreatePrivate(draft);
            FolderCopy.Copy(content.Folder, Path.Combine(draft, FilesName), PluginFiles.IsLeftOut, cancellationToken);
            var (id, runtime) = RevisionDigest.Of(content, FolderListing.Read(Path.Combine(draft, FilesName), null, cancellationToken));
            WriteDocuments(content, draft, runtime);
            Posix.SyncFileSystem(draft);
            return new RevisionDraft(draft, content, id, runtime);
        }
        catch (Exception error)
        {
            FolderRemoval.TryRemove(draft);
            if (StorageException.IsDiskError(error))
            {
                throw StorageException.At(draft, "Storing a revision in", error);
            }

            throw;
        }
    }

    /// <summary>Makes a copy a revision; one that is there already is left as it is, but for the newer download addresses.</summary>
    /// <param name="draft">The copy.</param>
    /// <returns>The revision.</returns>
    /// <exception cref="StorageException">The state folder cannot be written.</exception>
    public StoredRevision Keep(RevisionDraft draft)
    {
        var home = Path.Combine(state.Revisions, draft.Content.Plugin.Value);
        var folder = Path.Combine(home, draft.Id.Digest);
        try
        {
            lock (_lock)
            {
                if (Directory.Exists(folder) && (IsWhole(folder, draft) || !Remove(new DirectoryInfo(folder))))
                {
                    AtomicFile.Write(Path.Combine(folder, ManifestName), draft.Content.Manifest.Raw.Utf8.Span);
                }
                else
                {
                    Directory.Move(draft.Path, folder);
                    Posix.SyncFolder(home);
                }

                MakeNewest(home, folder);
            }

            return Describe(draft.Content, draft.Id, draft.RuntimeDigest, folder);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            throw StorageException.At(folder, "Storing a revision in", error);
        }
    }

    /// <summary>
    /// Whether a stored revision still has what was stored, by names, kinds and sizes: one that somebody has damaged is stored anew. Its running instances have copies of
    /// their own.
    /// </summary>
    private static bool IsWhole(string folder, RevisionDraft draft)
    {
        try
        {
            return new[] { SpecName, ManifestName, AboutName }.All(name => File.Exists(Path.Combine(folder, name)))
                && FolderListing.Outline(Path.Combine(folder, FilesName)).SequenceEqual(FolderListing.Outline(Path.Combine(draft.Path, FilesName)), StringComparer.Ordinal);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            return false;
        }
    }

    /// <summary>Reads a revision back.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="id">The revision.</param>
    /// <returns>The revision.</returns>
    /// <exception cref="StorageException">It is not there or cannot be read.</exception>
    public StoredRevision Load(PluginName plugin, RevisionId id)
    {
        var folder = Path.Combine(state.Revisions, plugin.Value, id.Digest);
        try
        {
            var about = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, AboutName)), StateJson.Default.RevisionFile)
                ?? throw new FormatException("revision.json is empty");
            var manifest = PluginManifest.ReadFile(Path.Combine(folder, ManifestName));
            return new StoredRevision
            {
                Id = id,
                Plugin = plugin,
                Spec = SpecFile.Read(File.ReadAllBytes(Path.Combine(folder, SpecName))),
                Manifest = manifest.Manifest ?? throw new FormatException(string.Join(" ", manifest.Problems)),
                Files = Directory.Exists(Path.Combine(folder, FilesName)) ? Path.Combine(folder, FilesName) : throw new FormatException("its files are missing"),
                Environment = about.Environment.ToImmutableDictionary(StringComparer.Ordinal),
                RuntimeDigest = about.RuntimeDigest,
            };
        }
        catch (Exception error) when (error is JsonException or FormatException || StorageException.IsDiskError(error))
        {
            throw StorageException.Because($"The stored revision {id} of plugin '{plugin}' in '{folder}' cannot be read: {error.Message} Deploy the plugin again.", error);
        }
    }

    /// <summary>Reads a revision back and makes it the newest, so that it is the last to be removed.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="id">The revision.</param>
    /// <returns>The revision.</returns>
    /// <exception cref="StorageException">It is not there, cannot be read, or the state folder not be written.</exception>
    public StoredRevision Take(PluginName plugin, RevisionId id)
    {
        lock (_lock)
        {
            var revision = Load(plugin, id);
            var home = Path.Combine(state.Revisions, plugin.Value);
            AtomicFile.Write(Path.Combine(home, id.Digest, ManifestName), revision.Manifest.Raw.Utf8.Span);
            MakeNewest(home, Path.Combine(home, id.Digest));
            return revision;
        }
    }

    /// <summary>Removes the oldest revisions beyond a number, and what unfinished writes left behind.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="keep">How many to keep.</param>
    /// <param name="inUse">Revisions that stay in any case.</param>
    /// <returns>What was removed.</returns>
    public ImmutableArray<RevisionId> Prune(PluginName plugin, int keep, IReadOnlyCollection<RevisionId> inUse)
    {
        var home = new DirectoryInfo(Path.Combine(state.Revisions, plugin.Value));
        if (!home.Exists)
        {
            return [];
        }

        lock (_lock)
        {
            return RemoveOldest(home, keep, inUse);
        }
    }

    /// <summary>Gives a revision's folder the latest time of all, also where the clock was set back: the order of these times is the order in which revisions are removed.</summary>
    private void MakeNewest(string home, string folder)
    {
        var (now, newest) = (_time.GetUtcNow().UtcDateTime, new DirectoryInfo(home).GetDirectories().Where(d => IsRevision(d) && d.FullName != folder).Select(d => d.LastWriteTimeUtc).DefaultIfEmpty().Max());
        Directory.SetLastWriteTimeUtc(folder, now > newest ? now : newest.AddMilliseconds(1));
    }

    private static ImmutableArray<RevisionId> RemoveOldest(DirectoryInfo home, int keep, IReadOnlyCollection<RevisionId> inUse)
    {
        var old = home.GetDirectories().Where(IsRevision).OrderByDescending(d => d.LastWriteTimeUtc).ThenBy(d => d.Name, StringComparer.Ordinal).Skip(keep);
        return [.. old.Where(d => !inUse.Any(r => r.Digest == d.Name)).Where(Remove).Select(d => new RevisionId(d.Name))];
    }

    /// <summary>Removes a revision's folder so that a crash in the middle leaves no half of it under its name: what is deployed again would be taken to be there already.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Whether it is gone; else it stays whole, and whoever looks next for what is too old meets it again.</returns>
    private static bool Remove(DirectoryInfo folder)
    {
        var aside = Path.Combine(folder.Parent!.FullName, $"{Unfinished}{Guid.NewGuid():N}");
        try
        {
            Directory.Move(folder.FullName, aside);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            return false;
        }

        FolderRemoval.TryRemove(aside);
        return true;
    }

    /// <summary>Removes all revisions of a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    public void RemoveAll(PluginName plugin)
    {
        var home = new DirectoryInfo(Path.Combine(state.Revisions, plugin.Value));
        foreach (var revision in home.Exists ? home.GetDirectories().Where(IsRevision) : [])
        {
            Remove(revision);
        }

        FolderRemoval.TryRemove(home.FullName);
    }

    private static bool IsRevision(DirectoryInfo folder) => !folder.Name.StartsWith('.');

    /// <summary>Removes what writes left behind that were cut short by the end of an earlier host application.</summary>
    public void RemoveUnfinished()
    {
        foreach (var draft in Directory.GetDirectories(state.Revisions).SelectMany(home => Directory.GetDirectories(home, $"{Unfinished}*")))
        {
            FolderRemoval.TryRemove(draft);
        }
    }

    private static void WriteDocuments(RevisionContent content, string folder, string runtime)
    {
        var about = new RevisionFile { RuntimeDigest = runtime, Environment = content.Environment.ToDictionary(StringComparer.Ordinal) };
        AtomicFile.Write(Path.Combine(folder, SpecName), SpecFile.Write(content.Spec));
        AtomicFile.Write(Path.Combine(folder, ManifestName), content.Manifest.Raw.Utf8.Span);
        AtomicFile.Write(Path.Combine(folder, AboutName), JsonSerializer.SerializeToUtf8Bytes(about, StateJson.Default.RevisionFile));
    }

    private static StoredRevision Describe(RevisionContent content, RevisionId id, string runtime, string folder) => new()
    {
        Id = id,
        Plugin = content.Plugin,
        Spec = content.Spec,
        Manifest = content.Manifest,
        Files = Path.Combine(folder, FilesName),
        Environment = content.Environment,
        RuntimeDigest = runtime,
    };
}
