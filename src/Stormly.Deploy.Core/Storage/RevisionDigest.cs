using System.Security.Cryptography;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>Names a revision by its content. What only people read (<c>explain</c>) is part of the name but not of what instances see.</summary>
internal static class RevisionDigest
{
    /// <summary>Digests a content.</summary>
    /// <param name="content">The content.</param>
    /// <param name="files">Its files, as they were read.</param>
    /// <returns>The name, and the digest of what a running instance sees.</returns>
    public static (RevisionId Id, string Runtime) Of(RevisionContent content, IEnumerable<FolderEntry> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        FolderDigest.AddPart(hash, "revision 1");
        foreach (var value in content.Spec.Values.Where(v => v.Key != "explain").OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            FolderDigest.AddPart(hash, value.Key);
            FolderDigest.AddPart(hash, value.Value.Utf8.Span);
        }

        foreach (var (name, value) in content.Environment.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            FolderDigest.AddPart(hash, name);
            FolderDigest.AddPart(hash, value);
        }

        FolderDigest.AddPart(hash, ManifestDigest.Of(content.Manifest));
        FolderDigest.Add(hash, files);
        var runtime = hash.GetCurrentHash();
        FolderDigest.AddPart(hash, content.Spec.Explain is { } explain ? explain.Utf8.Span : []);
        return (new RevisionId(Convert.ToHexStringLower(hash.GetHashAndReset())), Convert.ToHexStringLower(runtime));
    }
}
