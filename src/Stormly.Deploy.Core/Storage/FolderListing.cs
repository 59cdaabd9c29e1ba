using System.Globalization;
using System.Security.Cryptography;

namespace Stormly.Deploy.Storage;

/// <summary>Reads a folder without changing anything: every entry with the digest of its bytes. Links are never followed.</summary>
internal static class FolderListing
{
    private const int Chunk = 128 * 1024;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Reads what of a plugin's folder makes a revision.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public static List<FolderEntry> ReadPlugin(string folder, CancellationToken cancellationToken) => Read(folder, PluginFiles.IsLeftOut, cancellationToken);

    /// <summary>Reads everything, in an order that depends on names alone.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="skip">Says which entries do not count, by their relative path; null counts all.</param>
    /// <param name="cancellationToken">Gives up, also within a large file.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="StorageException">It cannot be read, or something in it is a pipe, a socket or a device.</exception>
    public static List<FolderEntry> Read(string folder, Func<string, bool>? skip, CancellationToken cancellationToken)
    {
        try
        {
            var entries = new List<FolderEntry>();
            Add(entries, new DirectoryInfo(folder), "", skip, cancellationToken);
            return entries;
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            throw StorageException.Because($"The folder '{folder}' cannot be read: {error.Message} Give the folder that holds the plugin's files, with the right to read them.", error);
        }
    }

    /// <summary>What lies in a folder by name, kind and size, in an order that depends on names alone; no file is read.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>One line for each entry.</returns>
    public static IEnumerable<string> Outline(string folder) => Outline(new DirectoryInfo(folder), "");

    private static IEnumerable<string> Outline(DirectoryInfo folder, string prefix)
        => folder.EnumerateFileSystemInfos("*", Everything).OrderBy(e => e.Name, StringComparer.Ordinal).SelectMany(entry => entry switch
        {
            { LinkTarget: { } link } => [$"{prefix}{entry.Name} link {link}"],
            DirectoryInfo below => Outline(below, $"{prefix}{entry.Name}/").Prepend($"{prefix}{entry.Name} folder"),
            _ => [string.Create(CultureInfo.InvariantCulture, $"{prefix}{entry.Name} file {((FileInfo)entry).Length}")],
        });

    private static void Add(List<FolderEntry> entries, DirectoryInfo folder, string prefix, Func<string, bool>? skip, CancellationToken cancellationToken)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos("*", Everything).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = prefix + entry.Name;
            if (skip?.Invoke(path) == true)
            {
                continue;
            }

            if (entry.LinkTarget is { } link)
            {
                entries.Add(new FolderEntry(path, $"link {link}", default));
            }
            else if (entry is DirectoryInfo below)
            {
                entries.Add(new FolderEntry(path, "folder", default));
                Add(entries, below, path + "/", skip, cancellationToken);
            }
            else
            {
                var program = !OperatingSystem.IsWindows() && (entry.UnixFileMode & UnixFileMode.UserExecute) != 0;
                entries.Add(new FolderEntry(path, program ? "program" : "file", HashFile(entry.FullName, cancellationToken)));
            }
        }
    }

    private static byte[] HashFile(string path, CancellationToken cancellationToken)
    {
        if (!Posix.IsPlainFile(path))
        {
            throw StorageException.Because($"'{path}' is a pipe, a socket or a device: a plugin's folder must hold files, folders and links only.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var buffer = new byte[(int)Math.Clamp(file.Length + 1, 1, Chunk)];
        while (file.Read(buffer) is var read and > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
        }

        return hash.GetHashAndReset();
    }
}
