using System.Globalization;

namespace Stormly.Deploy.Process.Ports;

/// <summary>Tells which sockets a process has open.</summary>
internal static class SocketOwners
{
    private const string Prefix = "socket:[";

    /// <summary>The inodes of a process's sockets.</summary>
    /// <param name="pid">The process.</param>
    /// <returns>The inodes, none where the process is gone; null where its open files may not be read.</returns>
    public static HashSet<long>? InodesOf(int pid)
    {
        var found = new HashSet<long>();
        try
        {
            foreach (var descriptor in Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd")))
            {
                if (ReadInode(descriptor) is { } inode)
                {
                    found.Add(inode);
                }
            }
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException)
        {
            // The process ended while it was read: what it had open is closed.
        }

        return found;
    }

    /// <summary>Finds a process that has a socket open.</summary>
    /// <param name="inode">The socket.</param>
    /// <param name="pids">Where to look.</param>
    /// <returns>Its id; null where none was found among those that may be read.</returns>
    public static int? FindOwner(long inode, IEnumerable<int> pids)
    {
        foreach (var pid in pids)
        {
            if (InodesOf(pid)?.Contains(inode) == true)
            {
                return pid;
            }
        }

        return null;
    }

    private static long? ReadInode(string descriptor)
    {
        try
        {
            var target = new FileInfo(descriptor).LinkTarget;
            return target is not null
                && target.StartsWith(Prefix, StringComparison.Ordinal)
                && long.TryParse(target.AsSpan(Prefix.Length).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
                    ? inode
                    : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
