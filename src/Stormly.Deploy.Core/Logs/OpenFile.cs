namespace Stormly.Deploy.Logs;

/// <summary>One descriptor of one process.</summary>
/// <param name="Descriptor">Its entry, e.g. <c>/proc/3714/fd/5</c>.</param>
/// <param name="Facts">The file behind it.</param>
internal sealed record OpenFile(string Descriptor, FileFacts Facts)
{
    private const int AccessMask = 3;
    private const int Append = 0x400;

    /// <summary>Where the file lies; for a deleted one where it lay. Null where the descriptor is closed by now.</summary>
    public string? ReadPath()
    {
        const string Deleted = " (deleted)";
        try
        {
            var path = new FileInfo(Descriptor).LinkTarget;
            return path is not null && path.EndsWith(Deleted, StringComparison.Ordinal) ? path[..^Deleted.Length] : path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether it can write, and whether all that it writes goes to the end, as <c>/proc/PID/fdinfo/N</c> says.</summary>
    public (bool Writes, bool Appends) ReadMode()
    {
        try
        {
            var line = File.ReadLines(Descriptor.Replace("/fd/", "/fdinfo/", StringComparison.Ordinal)).FirstOrDefault(l => l.StartsWith("flags:", StringComparison.Ordinal));
            var flags = line is null ? 0 : Convert.ToInt64(line["flags:".Length..].Trim(), 8);
            return ((flags & AccessMask) != 0, (flags & Append) != 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return (false, false);
        }
    }
}
