using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Stormly.Deploy.Storage;

/// <summary>The few calls of the system that the framework does not offer. Where they are not there, nothing is lost but some durability.</summary>
internal static partial class Posix
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int ModeField = 28;

    /// <summary>Makes renames and new names in a folder durable.</summary>
    /// <param name="folder">The folder.</param>
    public static void SyncFolder(string folder) => WithFolder(folder, static fd => Native.fsync(fd));

    /// <summary>Makes everything that was written to a folder's file system durable: one call instead of one for each of many files.</summary>
    /// <param name="folder">A folder of that file system.</param>
    public static void SyncFileSystem(string folder)
    {
        if (OperatingSystem.IsLinux())
        {
            WithFolder(folder, static fd => Native.syncfs(fd));
        }
    }

    /// <summary>Whether a path is a plain file: a pipe or a device that somebody put there would block whoever opens it.</summary>
    /// <param name="path">The path; a link is not followed.</param>
    /// <returns>False for everything that is known to be something else.</returns>
    public static unsafe bool IsPlainFile(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        Span<byte> answer = stackalloc byte[256];
        fixed (byte* p = answer)
        {
            return Native.statx(CurrentFolder, path, NoFollow, 1, p) != 0
                || (BinaryPrimitives.ReadUInt16LittleEndian(answer[ModeField..]) & TypeMask) == Regular;
        }
    }

    private static void WithFolder(string folder, Func<int, int> action)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var fd = Native.open(folder, 0);
        if (fd >= 0)
        {
            _ = action(fd);
            _ = Native.close(fd);
        }
    }

    private static unsafe partial class Native
    {
        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int open(string path, int flags);

        [LibraryImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int fsync(int fd);

        [LibraryImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int syncfs(int fd);

        [LibraryImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int close(int fd);

        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int statx(int folder, string path, int flags, uint mask, byte* answer);
    }
}
