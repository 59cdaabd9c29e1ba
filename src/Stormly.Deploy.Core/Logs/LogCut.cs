using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Logs;

/// <summary>One cut of a log folder that takes more than half its cap: what nobody can read goes first, the newest part of the log last.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LogCut(LogFolder? folder, string logName, long capBytes, OpenFileTable openFiles)
{
    private const long MinBlock = 4096;

    private long _total;

    /// <summary>What was done, in words.</summary>
    public List<string> Done { get; } = [];

    /// <summary>What could not be done, in words.</summary>
    public List<string> Problems { get; } = [];

    public void Run(List<LogEntry> files, List<OpenFile> deleted)
    {
        _total = files.Sum(f => f.Facts.DiskBytes) + deleted.Sum(f => f.Facts.DiskBytes);
        foreach (var file in deleted)
        {
            EmptyDeleted(file);
        }

        if (folder is null || _total <= capBytes / 2)
        {
            return;
        }

        var appends = FindWriters([.. files.Select(f => f.Facts.Id)]);
        var left = RemoveOldest(files, e => appends.ContainsKey(e.Facts.Id));
        var keep = capBytes / 4 / Math.Max(1, left.Count);
        foreach (var entry in left.OrderBy(e => e.Path == logName).ThenBy(e => appends.ContainsKey(e.Facts.Id)).TakeWhile(_ => _total > capBytes / 2))
        {
            CutHead(entry, keep, appends.GetValueOrDefault(entry.Facts.Id, true));
        }
    }

    // That nobody writes a file is believed to a fresh table only: inodes are reused, and a new file may have the number of one that the table knows.
    private Dictionary<FileId, bool> FindWriters(HashSet<FileId> files)
    {
        var found = openFiles.FindWriters(files, LinuxLogCap.AlertScan);
        return files.All(found.ContainsKey) ? found : openFiles.FindWriters(files, TimeSpan.Zero);
    }

    private void EmptyDeleted(OpenFile deleted)
    {
        using var file = NativeFile.OpenOfProcess(deleted.Descriptor);
        if (file is not null && NativeFile.Stat(file) is { Kind: FileKind.Regular, Links: 0 } facts && facts.Id == deleted.Facts.Id && NativeFile.TryTruncate(file))
        {
            _total -= deleted.Facts.DiskBytes;
            Done.Add($"emptied a deleted log of {Mebibytes(deleted.Facts.DiskBytes)} that {deleted.Descriptor} keeps open");
        }
        else
        {
            Problems.Add($"a deleted log of {Mebibytes(deleted.Facts.DiskBytes)} that {deleted.Descriptor} keeps open cannot be emptied");
        }
    }

    // The log and one rotated file stay; others go, oldest first, unless somebody writes to them.
    private List<LogEntry> RemoveOldest(List<LogEntry> files, Func<LogEntry, bool> isWritten)
    {
        var rotated = files.Where(f => f.Path != logName && !isWritten(f)).OrderBy(f => f.Facts.ModifiedSeconds).ThenByDescending(f => f.Path, StringComparer.Ordinal).SkipLast(1).ToList();
        var removed = new HashSet<LogEntry>();
        foreach (var entry in rotated.TakeWhile(_ => _total > capBytes / 2))
        {
            if (folder!.TryRemove(entry))
            {
                removed.Add(entry);
                _total -= entry.Facts.DiskBytes;
                Done.Add($"removed the rotated log '{PrintableText.Escape(entry.Path)}' of {Mebibytes(entry.Facts.DiskBytes)}");
            }
        }

        return [.. files.Where(f => !removed.Contains(f))];
    }

    private void CutHead(LogEntry entry, long keep, bool everyWriterAppends)
    {
        using var file = entry.Facts.DiskBytes > keep ? folder!.Open(entry) : null;
        var facts = file is null ? null : NativeFile.Stat(file);
        if (facts is not { } before)
        {
            return;
        }

        var block = Math.Max(MinBlock, before.BlockSize);
        var head = (before.Length - keep) / block * block;
        var how = Remove(file!, head, everyWriterAppends);
        var freed = how is null ? 0 : before.DiskBytes - (NativeFile.Stat(file!)?.DiskBytes ?? before.DiskBytes);
        _total -= freed;
        (how is null ? Problems : Done).Add($"{how ?? "could not cut the head of"} '{PrintableText.Escape(entry.Path)}': {Mebibytes(freed)} freed");
    }

    private static string? Remove(SafeFileHandle file, long head, bool everyWriterAppends)
        => head > 0 && everyWriterAppends && NativeFile.TryCollapseHead(file, head) ? "removed the head of"
            : head > 0 && NativeFile.TryPunchHead(file, head) ? "freed the head of"
            : NativeFile.TryTruncate(file) ? "emptied"
            : null;

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");
}
