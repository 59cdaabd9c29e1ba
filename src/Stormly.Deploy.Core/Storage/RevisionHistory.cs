using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>Keeps what became of the kept revisions, one file for each plugin beside their folders. What is lost of it is only what people are told.</summary>
internal sealed class RevisionHistory(StateFolder state)
{
    private const string Name = "history.json";

    /// <summary>Reads what is known of the revisions that are kept; of one without a word in the file only when it was stored.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <returns>The revisions, the one deployed first first, and what was wrong with the file.</returns>
    public (ImmutableArray<RevisionSnapshot> Revisions, string? Problem) Read(PluginName plugin)
    {
        var home = new DirectoryInfo(Path.Combine(state.Revisions, plugin.Value));
        var (known, problem) = ReadFile(Path.Combine(home.FullName, Name));
        try
        {
            var kept = home.Exists ? home.GetDirectories().Where(d => !d.Name.StartsWith('.')).ToList() : [];
            return ([.. kept.Select(d => Describe(known.FirstOrDefault(n => n.Revision == d.Name), d)).OrderBy(r => r.DeployedAt).ThenBy(r => r.Id.Digest, StringComparer.Ordinal)], problem);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            return ([], error.Message);
        }
    }

    public void Write(PluginName plugin, ImmutableArray<RevisionSnapshot> revisions)
    {
        var file = new HistoryFile { Revisions = [.. revisions.Select(Note)] };
        AtomicFile.Write(Path.Combine(state.Revisions, plugin.Value, Name), JsonSerializer.SerializeToUtf8Bytes(file, StateJson.Default.HistoryFile));
    }

    private static (IReadOnlyList<RevisionNote> Notes, string? Problem) ReadFile(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return ([], null);
            }

            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), StateJson.Default.HistoryFile);
            return file is { Version: 1 } ? (file.Revisions, null) : ([], $"'{path}' is not of version 1 and is ignored");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException || StorageException.IsDiskError(error))
        {
            return ([], $"'{path}' is not what was written there and is ignored: {error.Message}");
        }
    }

    private static RevisionSnapshot Describe(RevisionNote? note, DirectoryInfo folder) => new()
    {
        Id = new RevisionId(folder.Name),
        DeployedAt = note?.DeployedAt ?? new DateTimeOffset(folder.LastWriteTimeUtc),
        ServedAt = note?.ServedAt,
        FailedAt = note?.FailedAt,
        Failure = note?.Failure,
        WithdrawnAt = note?.WithdrawnAt,
    };

    private static RevisionNote Note(RevisionSnapshot revision) => new()
    {
        Revision = revision.Id.Digest,
        DeployedAt = revision.DeployedAt,
        ServedAt = revision.ServedAt,
        FailedAt = revision.FailedAt,
        Failure = revision.Failure,
        WithdrawnAt = revision.WithdrawnAt,
    };
}
