using System.Globalization;
using System.Text;

namespace Stormly.Deploy.Process.Linux;

/// <summary>The process table of this machine, read from <c>/proc</c>. A process that ends while it is read is simply not there.</summary>
internal static class ProcTable
{
    /// <summary>The environment variable that every process of an instance inherits; its value is the instance's random marker.</summary>
    public const string MarkerVariable = "STORMLY_DEPLOY_INSTANCE";

    /// <summary>PF_KTHREAD of the kernel's flags of a task.</summary>
    private const uint KernelThreadFlag = 0x00200000;

    /// <summary>Reads one process.</summary>
    /// <param name="pid">Its id.</param>
    /// <returns>What is known of it, a zombie included; null where there is no such process.</returns>
    public static ProcStat? Read(int pid)
        => ProcFile.Read<ProcStat?, int>(PathOf(pid, "stat"), pid, static (bytes, pid) => Parse(pid, Encoding.UTF8.GetString(bytes)));

    /// <summary>Lists every process.</summary>
    /// <returns>The ids.</returns>
    public static IEnumerable<int> AllPids()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                yield return pid;
            }
        }
    }

    /// <summary>Reads one variable of the environment that a process was started with.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="name">The variable.</param>
    /// <returns>The value; null where it has none, is gone, or belongs to somebody else.</returns>
    public static string? ReadEnvironment(int pid, string name)
        => ProcFile.Read(PathOf(pid, "environ"), Encoding.UTF8.GetBytes(name + "="), static (bytes, prefix) => FindValue(bytes, prefix));

    /// <summary>Finds the processes that carry a marker, wherever they went.</summary>
    /// <param name="marker">The marker's value.</param>
    /// <returns>Those that live; zombies are left out.</returns>
    public static IReadOnlyList<ProcStat> FindMarked(string marker) => FindByEnvironment(MarkerVariable, marker, notBefore: 0);

    /// <summary>Finds the processes whose environment has a variable with a certain value.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">The value.</param>
    /// <param name="notBefore">Processes that started before these ticks are passed over unread.</param>
    /// <returns>Those that live; zombies are left out.</returns>
    public static IReadOnlyList<ProcStat> FindByEnvironment(string name, string value, long notBefore)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        var found = new List<ProcStat>();
        foreach (var pid in AllPids())
        {
            if (Read(pid) is { IsLive: true } stat && stat.StartTicks >= notBefore && ReadEnvironment(pid, name) == value)
            {
                found.Add(stat);
            }
        }

        return found;
    }

    /// <summary>Reads the command line of a process, for messages.</summary>
    /// <param name="pid">The process.</param>
    /// <returns>Its words with blanks between them; empty where it is gone or a zombie.</returns>
    public static string ReadCommandLine(int pid)
        => ProcFile.Read(PathOf(pid, "cmdline"), 0, static (bytes, _) => Encoding.UTF8.GetString(bytes).Replace('\0', ' ').TrimEnd()) ?? "";

    /// <summary>Reads the fields that are needed; the name stands in parentheses and may itself hold blanks and parentheses.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="line">The line.</param>
    /// <returns>The fields; null for a line that is none.</returns>
    internal static ProcStat? Parse(int pid, string line)
    {
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var close = line.LastIndexOf(')');
        var fields = open < 0 || close < open || close + 2 > line.Length ? [] : line[(close + 2)..].Split(' ');
        return fields.Length < 20
            ? null
            : new ProcStat(pid, line[(open + 1)..close], fields[0][0], Number(fields[1]), Number(fields[2]), Number(fields[3]), long.Parse(fields[19], CultureInfo.InvariantCulture))
            {
                IsKernelThread = (uint.Parse(fields[6], CultureInfo.InvariantCulture) & KernelThreadFlag) != 0,
            };
    }

    private static string? FindValue(ReadOnlySpan<byte> environment, byte[] prefix)
    {
        foreach (var range in environment.Split((byte)0))
        {
            var entry = environment[range];
            if (entry.StartsWith(prefix))
            {
                return Encoding.UTF8.GetString(entry[prefix.Length..]);
            }
        }

        return null;
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private static string PathOf(int pid, string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}");
}
