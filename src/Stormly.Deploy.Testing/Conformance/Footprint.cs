using System.Globalization;

namespace Stormly.Deploy.Testing;

/// <summary>What this process holds at a moment. Linux tells it; elsewhere what .NET can say is looked at.</summary>
/// <param name="Handles">Open descriptors, or handles.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Children">Child processes, those that have ended and were not waited for included.</param>
/// <param name="MemoryBytes">Memory of living objects.</param>
/// <param name="Files">Files and folders of the host application.</param>
internal sealed record Footprint(int Handles, int Threads, int Children, long MemoryBytes, int Files)
{
    /// <summary>Room for what is not a leak: pools of threads and connections, caches.</summary>
    private const int Room = 16;

    private const long MemoryRoom = 10 * 1024 * 1024;

    /// <summary>Takes it, after everything that can be collected was.</summary>
    public static Footprint Take(string folder)
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var self = System.Diagnostics.Process.GetCurrentProcess();
        var linux = OperatingSystem.IsLinux();
        return new Footprint(
            linux ? Directory.GetFileSystemEntries("/proc/self/fd").Length : self.HandleCount,
            self.Threads.Count,
            linux ? Directory.GetDirectories("/proc/self/task").Sum(CountChildren) : 0,
            GC.GetTotalMemory(forceFullCollection: true),
            Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Length);
    }

    /// <summary>Says in words what has grown beyond its room; null where nothing has.</summary>
    public string? FindGrowth(Footprint later)
    {
        string[] found =
        [
            .. Describe(later.Handles - Handles, Room, "open descriptors"),
            .. Describe(later.Threads - Threads, Room, "threads"),
            .. Describe(later.Children - Children, Room, "child processes (living, or ended and never waited for)"),
            .. Describe(later.MemoryBytes - MemoryBytes, MemoryRoom, "bytes of memory"),
            .. Describe(later.Files - Files, 0, "files and folders in the state folder"),
        ];
        return found.Length == 0 ? null : string.Join(", ", found);
    }

    private static string[] Describe(long grown, long room, string what) => grown > room ? [string.Create(CultureInfo.InvariantCulture, $"{grown} more {what}")] : [];

    private static int CountChildren(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
