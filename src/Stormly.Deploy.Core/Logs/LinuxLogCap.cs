using System.Runtime.Versioning;

namespace Stormly.Deploy.Logs;

/// <summary>
/// The cap by blocks on disk, not by length: a writer that does not append goes on at its old offset after a cut, so that its file is long and
/// mostly hole. Only ordinary files that have all their names in the log folder are ever cut.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxLogCap : ILogCap
{
    private static readonly TimeSpan RoutineScan = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan AlertScan = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly string _logName;
    private readonly long _capBytes;
    private readonly OpenFileTable _openFiles;
    private HashSet<FileId> _known = [];
    private bool _sawDeleted;

    public LinuxLogCap(string logFile, long capBytes, OpenFileTable openFiles)
    {
        _folder = RealPath(Path.GetDirectoryName(logFile)!);
        _logName = Path.GetFileName(logFile);
        _capBytes = capBytes;
        _openFiles = openFiles;
    }

    public LogLook Look()
    {
        var problems = new List<string>();
        using var folder = LogFolder.TryOpen(_folder, out var problem);
        if (problem is not null)
        {
            problems.Add(problem);
        }

        var files = ListFiles(folder, problems);
        var deleted = FindDeleted(files);
        var before = Sum(files, deleted);
        if (before <= _capBytes / 2)
        {
            return new LogLook(before, before, [], problems);
        }

        var cut = new LogCut(folder, _logName, _capBytes, _openFiles);
        cut.Run(files, deleted);
        problems.AddRange(cut.Problems);
        return new LogLook(before, Sum(ListFiles(folder, []), FindDeleted(files)), cut.Done, problems);
    }

    /// <summary>Forgets what was seen, when the log is no longer kept.</summary>
    public void Dispose() => _openFiles.Watch(this, []);

    private static long Sum(List<LogEntry> files, List<OpenFile> deleted) => files.Sum(f => f.Facts.DiskBytes) + deleted.Sum(f => f.Facts.DiskBytes);

    private static string RealPath(string folder)
    {
        using var handle = NativeFile.OpenFolder(folder);
        return handle is null ? folder : new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget ?? folder;
    }

    private List<LogEntry> ListFiles(LogFolder? folder, List<string> problems)
    {
        if (folder is null)
        {
            return [];
        }

        try
        {
            var files = folder.List(out var shared);
            problems.AddRange(shared.Select(s => $"'{s}' has another name outside the log folder: it is not cut"));
            if (DescribeOddLog() is { } odd)
            {
                problems.Add(odd);
            }

            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"the log folder cannot be listed: {e.Message}");
            return [];
        }
    }

    private string? DescribeOddLog() => NativeFile.Stat(Path.Combine(_folder, _logName), follow: false)?.Kind switch
    {
        FileKind.SymbolicLink => "the log was replaced by a symbolic link: what it points to is not touched",
        FileKind.Pipe => "the log was replaced by a named pipe: it cannot be read",
        FileKind.Folder => "the log was replaced by a folder: the files in it are limited together",
        FileKind.Other => "the log was replaced by a socket or a device: it cannot be read",
        _ => null,
    };

    // A file that is gone since the last look may live on in its writer's hands.
    private List<OpenFile> FindDeleted(List<LogEntry> files)
    {
        var ids = files.Select(f => f.Facts.Id).ToHashSet();
        var deleted = _openFiles.FindDeleted(_folder, _sawDeleted || !_known.IsSubsetOf(ids) ? AlertScan : RoutineScan);
        _known = ids;
        _openFiles.Watch(this, ids);
        _sawDeleted = deleted.Count > 0;
        return deleted;
    }
}
