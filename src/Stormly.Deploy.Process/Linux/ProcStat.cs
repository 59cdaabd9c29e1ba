namespace Stormly.Deploy.Process.Linux;

/// <summary>One line of the process table (<c>/proc/PID/stat</c>, proc_pid_stat(5)).</summary>
/// <param name="Pid">The process id. Alone it proves nothing: ids are reused.</param>
/// <param name="Comm">The program's short name, as it calls itself.</param>
/// <param name="State">The state letter: <c>Z</c> and <c>X</c> are dead, <c>T</c> is stopped by a signal.</param>
/// <param name="ParentPid">The parent's process id.</param>
/// <param name="ProcessGroup">The process group.</param>
/// <param name="Session">The session.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot: together with <paramref name="Pid"/> and the boot id it names one process.</param>
internal readonly record struct ProcStat(int Pid, string Comm, char State, int ParentPid, int ProcessGroup, int Session, long StartTicks)
{
    /// <summary>Whether it still runs; a zombie keeps its id, answers signals and holds nothing.</summary>
    public bool IsLive => State is not ('Z' or 'X' or 'x');

    /// <summary>Whether it is a thread of the kernel, which never has an environment.</summary>
    public bool IsKernelThread { get; init; }
}
