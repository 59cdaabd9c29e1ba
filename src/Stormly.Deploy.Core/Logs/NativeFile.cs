using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Stormly.Deploy.Logs;

/// <summary>The few calls of Linux that .NET has no word for: blocks on disk, holes, and opening a file without following or waiting for anything.</summary>
[SupportedOSPlatform("linux")]
internal static partial class NativeFile
{
    private const int CurrentFolder = -100;
    private const int NoFollowOfStat = 0x100;
    private const int NoAutomount = 0x800;
    private const int EmptyPath = 0x1000;
    private const int NoSync = 0x4000;
    private const uint BasicFacts = 0x7ff;

    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoTerminal = 0x100;
    private const int KeepSize = 1;
    private const int PunchHoleMode = 2;
    private const int CollapseMode = 8;
    private const int SeekDataWhence = 3;

    // Two flags whose values differ between processors (asm/fcntl.h).
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    private static readonly int FolderOnly = Arm ? 0x4000 : 0x10000;
    private static readonly int NoFollow = Arm ? 0x8000 : 0x20000;

    /// <summary>Reads what a path stands for.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a symbolic link at its end is followed.</param>
    /// <returns>The facts; null where there is nothing or it may not be seen.</returns>
    public static FileFacts? Stat(string path, bool follow) => Stat(CurrentFolder, path, follow ? 0 : NoFollowOfStat);

    /// <summary>Reads what an open file is.</summary>
    public static FileFacts? Stat(SafeFileHandle file) => Stat((int)file.DangerousGetHandle(), "", EmptyPath);

    /// <summary>Opens a real folder; null where it is anything else.</summary>
    public static SafeFileHandle? OpenFolder(string path) => Wrap(OpenAt(CurrentFolder, path, FolderOnly | NoFollow | CloseOnExec, 0));

    /// <summary>Opens a real folder in a folder; null where it is anything else.</summary>
    public static SafeFileHandle? OpenFolder(SafeFileHandle parent, string name)
        => Wrap(OpenAt((int)parent.DangerousGetHandle(), name, FolderOnly | NoFollow | CloseOnExec, 0));

    /// <summary>Opens a file of a folder for reading and writing, without following a link and without waiting for the other side of a pipe.</summary>
    public static SafeFileHandle? OpenForCut(SafeFileHandle folder, string name)
        => Wrap(OpenAt((int)folder.DangerousGetHandle(), name, ReadWrite | NoFollow | NonBlocking | CloseOnExec | NoTerminal, 0));

    /// <summary>Opens a file that another process has open, by its entry under <c>/proc/PID/fd</c>.</summary>
    public static SafeFileHandle? OpenOfProcess(string descriptor) => Wrap(OpenAt(CurrentFolder, descriptor, ReadWrite | NonBlocking | CloseOnExec | NoTerminal, 0));

    /// <summary>Opens a file for reading, without waiting for the other side of a pipe; follows no link at the path's end.</summary>
    public static SafeFileHandle? OpenForReading(string path) => Wrap(OpenAt(CurrentFolder, path, NoFollow | NonBlocking | CloseOnExec | NoTerminal, 0));

    /// <summary>Removes one name from a folder.</summary>
    public static bool TryRemove(SafeFileHandle folder, string name) => UnlinkAt((int)folder.DangerousGetHandle(), name, 0) == 0;

    /// <summary>Removes the first bytes, so that the rest begins at 0: ext4 and xfs, whole blocks only.</summary>
    public static bool TryCollapseHead(SafeFileHandle file, long bytes) => Allocate(file, CollapseMode, 0, bytes) == 0;

    /// <summary>Frees the disk of the first bytes; they read as NUL and the length stays.</summary>
    public static bool TryPunchHead(SafeFileHandle file, long bytes) => Allocate(file, PunchHoleMode | KeepSize, 0, bytes) == 0;

    /// <summary>Empties a file.</summary>
    public static bool TryTruncate(SafeFileHandle file) => Truncate(file, 0) == 0;

    /// <summary>The first offset at or after the given one where there is data; null where there is none or the file system cannot tell.</summary>
    public static long? SeekData(SafeFileHandle file, long offset) => Seek(file, offset, SeekDataWhence) is >= 0 and var found ? found : null;

    private static SafeFileHandle? Wrap(int descriptor) => descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);

    private static unsafe FileFacts? Stat(int folder, string path, int flags)
    {
        var buffer = stackalloc byte[256];
        if (StatX(folder, path, flags | NoAutomount | NoSync, BasicFacts, buffer) != 0)
        {
            return null;
        }

        // struct statx has one layout on every processor (linux/stat.h).
        var device = ((long)*(uint*)(buffer + 136) << 32) | *(uint*)(buffer + 140);
        return new FileFacts(
            KindOf(*(ushort*)(buffer + 28)),
            new FileId(device, *(long*)(buffer + 32)),
            *(uint*)(buffer + 16),
            *(long*)(buffer + 40),
            *(long*)(buffer + 48) * 512,
            *(uint*)(buffer + 4),
            *(long*)(buffer + 112));
    }

    private static FileKind KindOf(ushort mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.SymbolicLink,
        0x1000 => FileKind.Pipe,
        _ => FileKind.Other,
    };

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int folder, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "fallocate")]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    private static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "lseek")]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);
}
