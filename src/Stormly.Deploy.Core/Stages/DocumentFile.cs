namespace Stormly.Deploy.Stages;

/// <summary>Reads a whole document from a file, with a bound and without ever waiting for a writer.</summary>
internal static class DocumentFile
{
    /// <summary>Reads a file.</summary>
    /// <returns>Its bytes; null where it could not be read, which is then among the problems.</returns>
    public static byte[]? TryRead(string path, ProblemList problems)
    {
        try
        {
            return Read(path, problems);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Error("", "must exist, but there is no such file", "Check the path; a stage that failed may not have written it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Error("", $"must be readable, but reading failed: {Model.PrintableText.Escape(e.Message.TrimEnd('.'), maxLength: 300)}", "Check the file and its permissions.");
        }

        return null;
    }

    private static byte[]? Read(string path, ProblemList problems)
    {
        if (Directory.Exists(path))
        {
            problems.Error("", "must be a file, but is a folder", "Name the file in it.");
            return null;
        }

        if (IsEmptyOrPipe(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var bytes = new byte[file.CanSeek ? (int)Math.Min(file.Length, JsonCheck.MaxBytes) + 1 : 64 * 1024];
        var count = 0;
        while (file.Read(bytes, count, bytes.Length - count) is var read and > 0)
        {
            count += read;
            if (count > JsonCheck.MaxBytes)
            {
                problems.Error("", $"must have at most {JsonCheck.MaxBytes} bytes", "Move large data to the plugin's storage and keep what is needed to serve.");
                return null;
            }

            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(count * 2L, JsonCheck.MaxBytes + 1L));
            }
        }

        return bytes[..count];
    }

    /// <summary>Whether the file has no length: a named pipe has none, and opening it would wait for a writer. What a shell passes under /dev/fd is meant to be read.</summary>
    private static bool IsEmptyOrPipe(string path)
    {
        if (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal))
        {
            return false;
        }

        return new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length == 0;
    }
}
