namespace Stormly.Deploy.Logs;

/// <summary>One file of this machine.</summary>
/// <param name="Device">The file system.</param>
/// <param name="Inode">The file's number there.</param>
internal readonly record struct FileId(long Device, long Inode);
