using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>A whole copy of a content that is no revision yet. Removed with this object where it did not become one.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Content">What was copied.</param>
/// <param name="Id">What its revision would be.</param>
/// <param name="RuntimeDigest">The digest of everything that an instance would see.</param>
internal sealed record RevisionDraft(string Path, RevisionContent Content, RevisionId Id, string RuntimeDigest) : IDisposable
{
    public void Dispose() => FolderRemoval.TryRemove(Path);
}
