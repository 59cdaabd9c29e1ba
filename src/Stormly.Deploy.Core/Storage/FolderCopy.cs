namespace Stormly.Deploy.Storage;

/// <summary>
/// Copies a plugin's folder file by file, as clones where the file system can. Links are copied as links and never followed, so that nothing from
/// outside gets in; pipes, sockets and devices are refused.
/// </summary>
internal static class FolderCopy
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Copies everything.</summary>
    /// <param name="source">The folder to copy.</param>
    /// <param name="target">The copy.</param>
    /// <param name="skip">Says which entries stay behind, by their path relative to the source with <c>/</c>; null copies all.</param>
    /// <param name="cancellationToken">Gives up between two files.</param>
    public static void Copy(string source, string target, Func<string, bool>? skip, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(source))
        {
            throw StorageException.Because($"The folder '{source}' is not there. Give the folder that holds the plugin's files.");
        }

        try
        {
            CopyFolder(new DirectoryInfo(source), target, "", skip, cancellationToken);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            throw StorageException.At(source, $"Copying to '{target}' from", error);
        }
    }

    private static void CopyFolder(DirectoryInfo source, string target, string prefix, Func<string, bool>? skip, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        foreach (var entry in List(source))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = prefix + entry.Name;
            if (skip?.Invoke(path) != true)
            {
                CopyEntry(entry, Path.Combine(target, entry.Name), path, skip, cancellationToken);
            }
        }
    }

    private static List<FileSystemInfo> List(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos("*", Everything)];
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            throw Unreadable(folder.FullName, error);
        }
    }

    private static void CopyEntry(FileSystemInfo entry, string target, string path, Func<string, bool>? skip, CancellationToken cancellationToken)
    {
        if (entry.LinkTarget is { } link)
        {
            _ = entry is DirectoryInfo ? Directory.CreateSymbolicLink(target, link) : File.CreateSymbolicLink(target, link);
        }
        else if (entry is DirectoryInfo folder)
        {
            CopyFolder(folder, target, path + "/", skip, cancellationToken);
        }
        else if (Posix.IsPlainFile(entry.FullName))
        {
            CopyFile(entry.FullName, target);
        }
        else
        {
            throw StorageException.Because($"'{entry.FullName}' is a pipe, a socket or a device: a plugin's folder must hold files, folders and links only.");
        }
    }

    /// <summary>What cannot be read is the plugin's own fault; all else lies with the disk that is copied to.</summary>
    private static void CopyFile(string source, string target)
    {
        try
        {
            File.Copy(source, target);
        }
        catch (UnauthorizedAccessException error) when (!MayRead(source))
        {
            throw Unreadable(source, error);
        }
    }

    private static bool MayRead(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static StorageException Unreadable(string path, Exception error)
        => StorageException.Because($"'{path}' cannot be read: {error.Message.TrimEnd('.')}. Give the host application's user the right to read the whole folder.", error);
}
