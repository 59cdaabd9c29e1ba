using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Stormly.Deploy.Storage;

/// <summary>Adds a folder's content to a digest: names, kinds, who may execute, link targets and bytes; not dates and owners.</summary>
internal static class FolderDigest
{
    /// <summary>Adds a folder as it was read.</summary>
    /// <param name="hash">The digest.</param>
    /// <param name="entries">The folder's entries.</param>
    public static void Add(IncrementalHash hash, IEnumerable<FolderEntry> entries)
    {
        foreach (var entry in entries)
        {
            AddPart(hash, entry.Path);
            AddPart(hash, entry.Kind);
            if (!entry.Hash.IsEmpty)
            {
                AddPart(hash, entry.Hash.Span);
            }
        }
    }

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
}
