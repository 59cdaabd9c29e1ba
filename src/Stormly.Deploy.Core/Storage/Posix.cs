using System.Buffers;
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
    private const uint BasicFields = 0x7FF;

    /// <summary>Of <c>struct statx</c>: mode, inode and size, change time, modification time, device.</summary>
    private static readonly (int Start, int Length)[] MarkFields = [(ModeField, 2), (32, 16), (96, 12), (112, 12), (136, 8)];

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

    /// <summary>What tells a file from what it was before without reading it: which one it is, its size, its rights, and when its content or any of this changed.</summary>
    /// <param name="path">The path; a link is not followed.</param>
    /// <param name="mark">Takes the facts.</param>
    /// <returns>Whether they are known here.</returns>
    public static unsafe bool TryMark(string path, IBufferWriter<byte> mark)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        Span<byte> answer = stackalloc byte[256];
        fixed (byte* p = answer)
        {
            if (Native.statx(CurrentFolder, path, NoFollow, BasicFields, p) != 0)
            {
                return false;
            }
        }

        foreach (var (start, length) in MarkFields)
        {
            mark.Write(answer.Slice(start, length));
        }

        return true;
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
