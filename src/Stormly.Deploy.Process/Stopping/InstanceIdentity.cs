using Stormly.Deploy.Process.Linux;

namespace Stormly.Deploy.Process.Stopping;

/// <summary>What an instance's processes are known by.</summary>
/// <param name="Marker">Its marker.</param>
/// <param name="Leader">The leader's process id, which is the number of its session and group; 0 where it is not known.</param>
/// <param name="NotBefore">When the leader started, in ticks: nothing older belongs to it. 0 where it is not known.</param>
/// <param name="IsOwnChild">
/// Whether this process started the leader itself, so that id and ticks prove it even before it shows its marker. Never true for what a record says.
/// </param>
internal readonly record struct InstanceIdentity(string Marker, int Leader, long NotBefore, bool IsOwnChild)
{
    /// <summary>Whether a process is the leader that this process started.</summary>
    /// <param name="stat">The process.</param>
    /// <returns>Whether it is.</returns>
    public bool IsOwnLeader(ProcStat stat) => IsOwnChild && NotBefore > 0 && stat.Pid == Leader && stat.StartTicks == NotBefore;
}
