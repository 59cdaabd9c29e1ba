using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Stormly.Deploy.Storage;

/// <summary>A folder as it looks from outside: names, sizes, rights and times, no contents. Two that look alike are taken for the same.</summary>
/// <param name="Mark">Stands for everything that was seen; also that there is no such folder, or that it cannot be read.</param>
/// <param name="Root">The folder itself, where <c>Folder</c> is a link to it; null where there is none.</param>
internal readonly record struct FolderGlance(string Mark, string? Root)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Looks.</summary>
    /// <param name="folder">The folder, or a link to it.</param>
    /// <returns>What was seen.</returns>
    public static FolderGlance Take(string folder)
    {
        try
        {
            if (RootOf(folder) is not { } root)
            {
                return new FolderGlance("missing", null);
            }

            var facts = new ArrayBufferWriter<byte>();
            AddText(facts, root);
            Add(facts, new DirectoryInfo(root), "");
            return new FolderGlance(Convert.ToHexStringLower(SHA256.HashData(facts.WrittenSpan)), root);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            return new FolderGlance($"unreadable: {error.Message}", null);
        }
    }

    /// <summary>The folder itself, behind all links to it.</summary>
    /// <param name="folder">The folder, or a link to it.</param>
    /// <returns>Its path; null where there is none.</returns>
    public static string? RootOf(string folder)
    {
        try
        {
            var root = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
            return Directory.Exists(root) ? root : null;
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            return null;
        }
    }

    private static void Add(ArrayBufferWriter<byte> facts, DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos("*", Everything).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var path = prefix + entry.Name;
            if (PluginFiles.IsIgnored(path))
            {
                continue;
            }

            AddText(facts, path);
            if (entry is DirectoryInfo { LinkTarget: null } below)
            {
                Add(facts, below, path + "/");
            }
            else if (!Posix.TryMark(entry.FullName, facts))
            {
                AddText(facts, $"{(entry as FileInfo)?.Length} {entry.LastWriteTimeUtc.Ticks} {entry.Attributes} {entry.LinkTarget}");
            }
        }
    }

    private static void AddText(ArrayBufferWriter<byte> facts, string text)
    {
        facts.Write(Encoding.UTF8.GetBytes(text));
        facts.Write("\0"u8);
    }
}
