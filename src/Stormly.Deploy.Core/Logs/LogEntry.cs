namespace Stormly.Deploy.Logs;

/// <summary>One ordinary file in the log folder.</summary>
/// <param name="Path">Its path within the folder.</param>
/// <param name="Facts">What it was when it was listed.</param>
internal sealed record LogEntry(string Path, FileFacts Facts);
