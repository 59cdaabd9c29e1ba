using System.Runtime.Versioning;

namespace Stormly.Deploy.Logs;

/// <summary>The files of this machine that were deleted while a process has them open: one list for all logs, because finding them reads the whole process table.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DeletedFiles(TimeProvider time)
{
    private List<OpenFile> _found = [];
    private long? _foundAt;

    /// <summary>The deleted files that lay in a folder, each once.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxAge">How old the answer may be; zero reads afresh.</param>
    public List<OpenFile> Under(string folder, TimeSpan maxAge)
    {
        if (_foundAt is not { } at || time.GetElapsedTime(at) >= maxAge)
        {
            _found = OpenFileTable.Find(static facts => facts.Links == 0);
            _foundAt = time.GetTimestamp();
        }

        return [.. _found.Where(f => f.ReadPath()?.StartsWith(folder + "/", StringComparison.Ordinal) == true).Select(Refresh).OfType<OpenFile>().DistinctBy(f => f.Facts.Id)];
    }

    private static OpenFile? Refresh(OpenFile file)
        => NativeFile.Stat(file.Descriptor, follow: true) is { Kind: FileKind.Regular, Links: 0 } facts && facts.Id == file.Facts.Id ? file with { Facts = facts } : null;
}
