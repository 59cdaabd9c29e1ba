using System.Runtime.Versioning;

namespace Stormly.Deploy.Logs;

/// <summary>Finds which processes have certain files open, by device and inode: names change, and a deleted file has none.</summary>
[SupportedOSPlatform("linux")]
internal static class OpenFileTable
{
    /// <summary>Finds open files of all processes that may be inspected.</summary>
    /// <param name="wanted">Which ordinary files are meant.</param>
    public static List<OpenFile> Find(Func<FileFacts, bool> wanted)
    {
        var found = new List<OpenFile>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (char.IsAsciiDigit(process["/proc/".Length]))
            {
                AddOf(process, wanted, found);
            }
        }

        return found;
    }

    private static void AddOf(string process, Func<FileFacts, bool> wanted, List<OpenFile> found)
    {
        try
        {
            foreach (var descriptor in Directory.EnumerateFileSystemEntries(process + "/fd"))
            {
                if (NativeFile.Stat(descriptor, follow: true) is { Kind: FileKind.Regular } facts && wanted(facts))
                {
                    found.Add(new OpenFile(descriptor, facts));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process ended while it was read, or belongs to somebody else: it is no writer of ours.
        }
    }
}
