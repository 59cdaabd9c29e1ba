using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <summary>Copies what a folder holds and looks again: what changed while it was copied would make a mixture of two revisions.</summary>
internal static class VerifiedCopy
{
    /// <summary>Copies, reads everything again, and compares.</summary>
    /// <param name="store">Takes the copy.</param>
    /// <param name="content">What was read before.</param>
    /// <param name="readAgain">Reads the same folder again.</param>
    /// <param name="cancellationToken">Gives up; nothing is left of it then.</param>
    /// <returns>The copy; null where the folder holds something else by now.</returns>
    /// <exception cref="StorageException">The folder cannot be read, or the state folder not be written.</exception>
    public static async Task<RevisionDraft?> TakeAsync(
        RevisionStore store, RevisionContent content, Func<CancellationToken, Task<RevisionContent>> readAgain, CancellationToken cancellationToken)
    {
        var draft = await Task.Run(() => store.Draft(content, cancellationToken), cancellationToken).ConfigureAwait(false);
        try
        {
            var again = await readAgain(cancellationToken).ConfigureAwait(false);
            var (id, _) = await Task.Run(() => Digest(again, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (id == draft.Id)
            {
                return draft;
            }
        }
        catch (PluginDeploymentException)
        {
            // It could be read a moment ago, so it is being written.
        }
        catch
        {
            draft.Dispose();
            throw;
        }

        draft.Dispose();
        return null;
    }

    /// <summary>Names what a folder holds, without copying it.</summary>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The name, and the digest of what a running instance would see.</returns>
    /// <exception cref="StorageException">The folder cannot be read.</exception>
    public static (RevisionId Id, string Runtime) Digest(RevisionContent content, CancellationToken cancellationToken)
        => RevisionDigest.Of(content, FolderListing.ReadPlugin(content.Folder, cancellationToken));
}
