using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>What became of the revisions that are kept: the notes of a deployment's document, for the folders that are there.</summary>
internal sealed class RevisionHistory(StateFolder state)
{
    /// <summary>Tells of each kept revision what is known; of one without a note only when it was stored.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="notes">What was stored.</param>
    /// <returns>The revisions, the one deployed first first, and why they cannot be listed.</returns>
    public (ImmutableArray<RevisionSnapshot> Revisions, string? Problem) Read(PluginName plugin, IReadOnlyList<RevisionNote> notes)
    {
        var home = new DirectoryInfo(Path.Combine(state.Revisions, plugin.Value));
        try
        {
            var kept = home.Exists ? home.GetDirectories().Where(d => !d.Name.StartsWith('.')).ToList() : [];
            return ([.. kept.Select(d => Describe(notes.FirstOrDefault(n => n.Revision == d.Name), d)).OrderBy(r => r.DeployedAt).ThenBy(r => r.Id.Digest, StringComparer.Ordinal)], null);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            return ([], error.Message);
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
}
