using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Stormly.Deploy.Storage;

/// <summary>Adds a folder's content to a digest: names, kinds, who may execute, link targets and bytes; not dates and owners.</summary>
internal static class FolderDigest
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    public static void Add(IncrementalHash hash, string folder) => AddFolder(hash, new DirectoryInfo(folder), "");

    /// <summary>Adds bytes together with their length, so that no two different sequences look the same.</summary>
    /// <param name="hash">The digest.</param>
    /// <param name="bytes">The bytes.</param>
    public static void AddPart(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    public static void AddPart(IncrementalHash hash, string text) => AddPart(hash, Encoding.UTF8.GetBytes(text));

    private static void AddFolder(IncrementalHash hash, DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos("*", Everything).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            AddPart(hash, prefix + entry.Name);
            if (entry.LinkTarget is { } link)
            {
                AddPart(hash, $"link {link}");
            }
            else if (entry is DirectoryInfo below)
            {
                AddPart(hash, "folder");
                AddFolder(hash, below, $"{prefix}{entry.Name}/");
            }
            else
            {
                var program = !OperatingSystem.IsWindows() && (entry.UnixFileMode & UnixFileMode.UserExecute) != 0;
                AddPart(hash, program ? "program" : "file");
                using var file = File.OpenRead(entry.FullName);
                AddPart(hash, SHA256.HashData(file));
            }
        }
    }
}
