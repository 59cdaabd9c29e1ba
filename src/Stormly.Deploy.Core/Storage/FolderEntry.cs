namespace Stormly.Deploy.Storage;

/// <summary>One entry of a folder as far as it makes a revision: not its dates and owners.</summary>
/// <param name="Path">The path relative to the folder, with <c>/</c>.</param>
/// <param name="Kind"><c>file</c>, <c>program</c> where its owner may execute it, <c>folder</c>, or <c>link</c> with its target.</param>
/// <param name="Hash">The SHA-256 of a file's bytes; empty for everything else.</param>
internal readonly record struct FolderEntry(string Path, string Kind, ReadOnlyMemory<byte> Hash)
{
    /// <summary>Whether both are the same in kind and bytes.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>True where no revision could tell them apart.</returns>
    public bool IsLike(FolderEntry other) => Kind == other.Kind && Hash.Span.SequenceEqual(other.Hash.Span);
}
