using System.IO.Enumeration;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Stormly.Deploy.Logs;

/// <summary>
/// The log folder of one instance, held open. What is opened or removed through it lies in it: no symbolic link is followed on the way, neither at
/// its end nor in between.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LogFolder : IDisposable
{
    private const int MaxDepth = 4;
    private const int MaxEntries = 10_000;

    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private LogFolder(SafeFileHandle handle, string path) => (_handle, _path) = (handle, path);

    /// <summary>Opens the folder.</summary>
    /// <param name="path">Its absolute path without any symbolic link.</param>
    /// <param name="problem">What stands in the way, where the answer is null.</param>
    public static LogFolder? TryOpen(string path, out string? problem)
    {
        var handle = NativeFile.OpenFolder(path);
        if (handle is null)
        {
            problem = Directory.Exists(path) ? "the log folder is no folder of its own, or may not be read: its log is not limited" : "the log folder is gone";
            return null;
        }

        var real = new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget;
        if (real != path)
        {
            handle.Dispose();
            problem = "a part of the path to the log folder was replaced: nothing is touched there";
            return null;
        }

        problem = null;
        return new LogFolder(handle, path);
    }

    /// <summary>Lists the ordinary files, each file once however many names it has, as long as all its names are in this folder.</summary>
    /// <param name="shared">The paths of files that have a name elsewhere too: they are not ours to cut.</param>
    public List<LogEntry> List(out List<string> shared)
    {
        var names = EnumerateFiles().Take(MaxEntries).Select(ToEntry).OfType<LogEntry>().GroupBy(e => e.Facts.Id).Select(g => (First: g.First(), Count: g.Count())).ToList();
        shared = [.. names.Where(n => n.First.Facts.Links > n.Count).Select(n => n.First.Path)];
        return [.. names.Where(n => n.First.Facts.Links <= n.Count).Select(n => n.First)];
    }

    /// <summary>Opens a file that was listed, if it is still the same one.</summary>
    public SafeFileHandle? Open(LogEntry entry)
    {
        using var parent = OpenParent(entry.Path, out var name);
        var file = parent is null ? null : NativeFile.OpenForCut(parent, name);
        if (file is not null && NativeFile.Stat(file) is { Kind: FileKind.Regular } facts && facts.Id == entry.Facts.Id)
        {
            return file;
        }

        file?.Dispose();
        return null;
    }

    /// <summary>Removes a file that was listed.</summary>
    public bool TryRemove(LogEntry entry)
    {
        using var parent = OpenParent(entry.Path, out var name);
        return parent is not null && NativeFile.TryRemove(parent, name);
    }

    public void Dispose() => _handle.Dispose();

    private FileSystemEnumerable<string> EnumerateFiles()
        => new(
            _path,
            static (ref FileSystemEntry e) => e.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth, AttributesToSkip = 0, IgnoreInaccessible = true })
        {
            ShouldIncludePredicate = static (ref FileSystemEntry e) => !e.IsDirectory,
            ShouldRecursePredicate = static (ref FileSystemEntry e) => (e.Attributes & FileAttributes.ReparsePoint) == 0,
        };

    private LogEntry? ToEntry(string path)
        => NativeFile.Stat(path, follow: false) is { Kind: FileKind.Regular } facts ? new LogEntry(path[(_path.Length + 1)..], facts) : null;

    private SafeFileHandle? OpenParent(string path, out string name)
    {
        var parts = path.Split('/');
        name = parts[^1];
        var folder = NativeFile.OpenFolder(_handle, ".");
        foreach (var part in parts[..^1])
        {
            using var parent = folder;
            folder = parent is null ? null : NativeFile.OpenFolder(parent, part);
        }

        return folder;
    }
}
