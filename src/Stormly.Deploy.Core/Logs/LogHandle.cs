using Microsoft.Win32.SafeHandles;

namespace Stormly.Deploy.Logs;

/// <summary>A log opened for reading, by whatever somebody put in its place: only an ordinary file is opened, and nothing is waited for.</summary>
internal sealed class LogHandle : IDisposable
{
    private readonly SafeFileHandle _file;

    private LogHandle(SafeFileHandle file, FileId? id) => (_file, Id) = (file, id);

    /// <summary>Which file it is; null where the operating system has no word for it.</summary>
    public FileId? Id { get; }

    /// <summary>Its length now, holes included.</summary>
    public long Length => RandomAccess.GetLength(_file);

    /// <summary>The first offset with data: what lies before was cut away and reads as NUL.</summary>
    public long FirstData => OperatingSystem.IsLinux() ? NativeFile.SeekData(_file, 0) ?? 0 : 0;

    /// <summary>Opens a log.</summary>
    /// <returns>The log; null where there is none, or something that is no ordinary file, or it may not be read.</returns>
    public static LogHandle? TryOpen(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? TryOpenOnLinux(path)
                : new FileInfo(path) is { Exists: true, LinkTarget: null }
                    ? new LogHandle(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), null)
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Fills a buffer from an offset, as far as the file goes.</summary>
    /// <returns>The number of bytes; 0 at the end and after an error of the disk.</returns>
    public int Read(Span<byte> buffer, long offset)
    {
        try
        {
            var length = 0;
            for (int n; length < buffer.Length && (n = RandomAccess.Read(_file, buffer[length..], offset + length)) > 0;)
            {
                length += n;
            }

            return length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public void Dispose() => _file.Dispose();

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static LogHandle? TryOpenOnLinux(string path)
    {
        var file = NativeFile.OpenForReading(path);
        if (file is not null && NativeFile.Stat(file) is { Kind: FileKind.Regular } facts)
        {
            return new LogHandle(file, facts.Id);
        }

        file?.Dispose();
        return null;
    }
}
