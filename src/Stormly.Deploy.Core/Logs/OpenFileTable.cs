using System.Runtime.Versioning;

namespace Stormly.Deploy.Logs;

/// <summary>
/// Which processes have the watched logs open, by device and inode: names change, and a deleted file has none. One table for all logs, read again only
/// when it is too old, because it takes a walk through the process table. Not safe for use by several threads.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class OpenFileTable(TimeProvider time)
{
    private readonly Dictionary<object, HashSet<FileId>> _watched = [];
    private HashSet<FileId> _readFor = [];
    private List<OpenFile> _open = [];
    private long? _readAt;

    /// <summary>Says which files an owner cares about from now on; none forgets the owner.</summary>
    public void Watch(object owner, HashSet<FileId> files)
    {
        if (files.Count == 0)
        {
            _watched.Remove(owner);
        }
        else
        {
            _watched[owner] = files;
        }
    }

    /// <summary>The files that lay in a folder and were deleted while somebody has them open, each once.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxAge">How old the table may be. A file that was watched when it was read is found whenever it is deleted.</param>
    public List<OpenFile> FindDeleted(string folder, TimeSpan maxAge)
    {
        ReadIfOlder(maxAge);
        return [.. _open.Select(Refresh).OfType<OpenFile>().Where(f => f.Facts.Links == 0 && f.ReadPath()?.StartsWith(folder + "/", StringComparison.Ordinal) == true).DistinctBy(f => f.Facts.Id)];
    }

    /// <summary>For every file that somebody writes: whether each of its writers appends, and nothing else.</summary>
    /// <param name="files">The files to look for.</param>
    /// <param name="maxAge">How old the table may be.</param>
    public Dictionary<FileId, bool> FindWriters(HashSet<FileId> files, TimeSpan maxAge)
    {
        ReadIfOlder(files.IsSubsetOf(_readFor) ? maxAge : TimeSpan.Zero);
        return _open.Where(f => files.Contains(f.Facts.Id)).Select(Refresh).OfType<OpenFile>()
            .Select(f => (f.Facts.Id, Mode: f.ReadMode())).Where(w => w.Mode.Writes)
            .GroupBy(w => w.Id, w => w.Mode.Appends).ToDictionary(g => g.Key, g => g.All(appends => appends));
    }

    private static OpenFile? Refresh(OpenFile file)
        => NativeFile.Stat(file.Descriptor, follow: true) is { Kind: FileKind.Regular } facts && facts.Id == file.Facts.Id ? file with { Facts = facts } : null;

    private void ReadIfOlder(TimeSpan maxAge)
    {
        if (_readAt is { } at && time.GetElapsedTime(at) < maxAge)
        {
            return;
        }

        _readFor = [.. _watched.Values.SelectMany(f => f)];
        _open = [.. Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(p["/proc/".Length])).SelectMany(ReadProcess)];
        _readAt = time.GetTimestamp();
    }

    private List<OpenFile> ReadProcess(string process)
    {
        var found = new List<OpenFile>();
        try
        {
            foreach (var descriptor in Directory.EnumerateFileSystemEntries(process + "/fd"))
            {
                if (NativeFile.Stat(descriptor, follow: true) is { Kind: FileKind.Regular } facts && (facts.Links == 0 || _readFor.Contains(facts.Id)))
                {
                    found.Add(new OpenFile(descriptor, facts));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process ended while it was read, or belongs to somebody else: it is no writer of ours.
        }

        return found;
    }
}
