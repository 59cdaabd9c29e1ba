namespace Stormly.Deploy.Logs;

/// <summary>What the file system says of one file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Which file it is, whatever its name.</param>
/// <param name="Links">How many names it has; 0 for a file that was deleted while somebody has it open.</param>
/// <param name="Length">Its length in bytes, holes included.</param>
/// <param name="DiskBytes">The bytes that it takes on disk.</param>
/// <param name="BlockSize">The file system's block in bytes.</param>
/// <param name="ModifiedSeconds">When it was last written, in Unix seconds.</param>
internal readonly record struct FileFacts(FileKind Kind, FileId Id, long Links, long Length, long DiskBytes, long BlockSize, long ModifiedSeconds);
