using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>Plugins' processes, found by what the contract puts into their environment: a MANIFEST_FILE below the test's own state folder.</summary>
public static partial class PluginProcesses
{
    private const int SigInt = 2;
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    /// <summary>The live processes whose manifest lies below a folder, with their parents before them.</summary>
    public static IReadOnlyList<int> Below(string folder)
    {
        var wanted = Encoding.UTF8.GetBytes($"MANIFEST_FILE={folder}/");
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id != 0 && IsLive(id) && Holds(id, wanted))
            .Order()];
    }

    /// <summary>The processes of one instance.</summary>
    public static IReadOnlyList<int> Of(string stateFolder, InstanceId instance)
        => [.. Below(stateFolder).Where(id => Holds(id, Encoding.UTF8.GetBytes($"/{instance.Value}/")))];

    /// <summary>The port that a process was given; null where it is gone.</summary>
    public static int? PortOf(int process)
        => Encoding.UTF8.GetString(Read(process, "environ")).Split('\0').FirstOrDefault(entry => entry.StartsWith("PORT=", StringComparison.Ordinal)) is { } entry
            ? int.Parse(entry[5..], CultureInfo.InvariantCulture)
            : null;

    /// <summary>Ends every process of one instance with KILL, as the kernel does when memory runs out.</summary>
    public static void Kill(string stateFolder, InstanceId instance) => SignalAll(stateFolder, instance, SigKill);

    /// <summary>Ends every process of every instance with KILL.</summary>
    public static void Kill(string stateFolder)
    {
        foreach (var id in Below(stateFolder))
        {
            _ = Signal(id, SigKill);
        }
    }

    /// <summary>Ends processes with KILL.</summary>
    public static void Kill(IReadOnlyList<int> processes)
    {
        foreach (var id in processes)
        {
            _ = Signal(id, SigKill);
        }
    }

    /// <summary>Pauses every process of one instance: it accepts connections and never answers.</summary>
    public static void Pause(string stateFolder, InstanceId instance) => SignalAll(stateFolder, instance, SigStop);

    /// <summary>Pauses one process.</summary>
    public static void Pause(int process) => _ = Signal(process, SigStop);

    /// <summary>Lets it go on.</summary>
    public static void Resume(int process) => _ = Signal(process, SigContinue);

    private static void SignalAll(string stateFolder, InstanceId instance, int signal)
    {
        var ids = Of(stateFolder, instance);
        if (ids.Count == 0)
        {
            throw new InvalidOperationException($"No process of {instance} was found.");
        }

        foreach (var id in ids)
        {
            _ = Signal(id, signal);
        }
    }

    /// <summary>Waits until no plugin of the state folder runs any more.</summary>
    public static Task UntilNoneIsLeftAsync(string stateFolder, CancellationToken cancellationToken)
        => Waiting.UntilAsync(() => Below(stateFolder).Count == 0, $"the end of every plugin process below {stateFolder}", cancellationToken);

    /// <summary>What Ctrl+C sends.</summary>
    public static void Interrupt(int process) => _ = Signal(process, SigInt);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    /// <summary>Whether a process runs: one that has ended and was not collected yet does not.</summary>
    public static bool IsLive(int id)
    {
        var stat = Read(id, "stat");
        var state = stat.AsSpan(stat.AsSpan().LastIndexOf((byte)')') + 1);
        return state.Length > 1 && state[1] is not ((byte)'Z' or (byte)'X');
    }

    private static bool Holds(int id, byte[] text) => Read(id, "environ").AsSpan().IndexOf(text) >= 0;

    private static byte[] Read(int id, string file)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
