using System.Diagnostics.CodeAnalysis;

namespace Stormly.Deploy.Cli;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the target, then takes its place; on failure the target stays as it was and nothing is left behind.</summary>
    public static bool TryWrite(string path, ReadOnlySpan<byte> bytes, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        string? temporary = null;
        try
        {
            var full = Path.GetFullPath(path);
            temporary = Path.Combine(Path.GetDirectoryName(full) ?? full, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The framework's own words name the file beside the target, which nobody asked for.
            problem = e is DirectoryNotFoundException ? $"there is no folder '{Path.GetDirectoryName(Path.GetFullPath(path))}'." : e.Message;
            Remove(temporary);
            return false;
        }
    }

    private static void Remove(string? temporary)
    {
        try
        {
            if (temporary is not null)
            {
                File.Delete(temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The message of what went wrong first is the one to read.
        }
    }
}
