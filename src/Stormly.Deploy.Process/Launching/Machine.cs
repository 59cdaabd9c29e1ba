using System.Runtime.InteropServices;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process.Linux;

namespace Stormly.Deploy.Process.Launching;

/// <summary>What this machine must have before a process is started: everything is looked for, and everything that lacks is told at once.</summary>
/// <param name="Shell">The shell's path.</param>
/// <param name="Setsid">The path of <c>setsid</c>.</param>
internal sealed record Machine(string Shell, string Setsid)
{
    /// <summary>Looks.</summary>
    /// <param name="shell">The shell that the options name.</param>
    /// <param name="searchPath">The folders that programs are looked for in, as in <c>PATH</c>.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="BackendUnavailableException">Something lacks; the message says what was tried and what to do.</exception>
    public static Machine Require(string shell, string? searchPath)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BackendUnavailableException(
                $"Plugins cannot run as local processes on {RuntimeInformation.OSDescription}: that needs Linux, for sessions (setsid), the process table (/proc) and "
                + "descriptors of processes (pidfd), without which a stop could leave processes behind or end a stranger. Use Docker, or run the host application on Linux.");
        }

        var lacks = new List<string>();
        if (!IsExecutable(shell))
        {
            lacks.Add($"the shell {shell} (is not there or may not be executed; set `Process:Shell` to one that is)");
        }

        var setsid = Find("setsid", searchPath, "util-linux", lacks);
        Find("grep", searchPath, "grep", lacks);
        Find("sleep", searchPath, "coreutils", lacks);
        if (ProcTable.Read(Environment.ProcessId) is null)
        {
            lacks.Add("the process table (/proc cannot be read; mount it)");
        }

        if (!PidHandle.IsSupported())
        {
            lacks.Add("pidfd_open (needs Linux 5.3 or later, and a container whose filter of system calls allows it)");
        }

        return lacks.Count == 0
            ? new Machine(shell, setsid!)
            : throw new BackendUnavailableException($"Plugins cannot run as local processes here. What lacks: {string.Join("; ", lacks)}. Or use Docker.");
    }

    private static string? Find(string program, string? searchPath, string package, List<string> lacks)
    {
        var found = (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(f => Path.Combine(f, program)).FirstOrDefault(IsExecutable);
        if (found is null)
        {
            lacks.Add($"the program {program} (looked for in {(string.IsNullOrEmpty(searchPath) ? "an empty PATH" : searchPath)}; install the package {package} or busybox)");
        }

        return found;
    }

    private static bool IsExecutable(string path)
        => File.Exists(path)
            && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
