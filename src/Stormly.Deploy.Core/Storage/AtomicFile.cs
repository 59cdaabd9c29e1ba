namespace Stormly.Deploy.Storage;

/// <summary>Writes a small file so that after any crash either the whole new text or the whole old one is there. Readable by its owner only.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, PrivateFile()))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            TryDelete(temporary);
            throw StorageException.At(path, "Writing", error);
        }
    }

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            // What is left has a name that nothing reads, and goes with its folder.
        }
    }

    private static FileStreamOptions PrivateFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
