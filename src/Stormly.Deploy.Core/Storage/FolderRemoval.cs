namespace Stormly.Deploy.Storage;

/// <summary>Removes folders that others have written to; links in them are removed, not followed.</summary>
internal static class FolderRemoval
{
    /// <summary>Removes a folder with all that is in it.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>Whether it is gone; what could not be removed is met again by the next sweep.</returns>
    public static bool TryRemove(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }

            return true;
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            return false;
        }
    }
}
