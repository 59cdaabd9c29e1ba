using Microsoft.Win32.SafeHandles;

namespace Stormly.Deploy.Process.Linux;

/// <summary>A descriptor of one process (pidfd_open(2)). Once it is open it can never come to mean another process.</summary>
internal sealed class PidHandle : SafeHandleMinusOneIsInvalid
{
    private PidHandle(int descriptor)
        : base(ownsHandle: true)
        => SetHandle(descriptor);

    /// <summary>Whether this kernel, and whatever filters its calls, offers such descriptors.</summary>
    /// <returns>Whether one of this process could be opened.</returns>
    public static bool IsSupported()
    {
        using var own = new PidHandle(Native.PidfdOpen(Environment.ProcessId));
        return !own.IsInvalid;
    }

    /// <summary>Opens a process that was seen before: the descriptor first, and the proof that it still is the same one after that.</summary>
    /// <param name="seen">The process as it was seen.</param>
    /// <returns>The descriptor; null where that process is gone.</returns>
    public static PidHandle? Open(ProcStat seen)
    {
        var handle = new PidHandle(Native.PidfdOpen(seen.Pid));
        if (!handle.IsInvalid && ProcTable.Read(seen.Pid) is { IsLive: true } now && now.StartTicks == seen.StartTicks)
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Sends a signal to a process that was seen before, and to no other.</summary>
    /// <param name="seen">The process as it was seen.</param>
    /// <param name="signal">The signal.</param>
    /// <returns>Whether it was sent.</returns>
    public static bool Signal(ProcStat seen, int signal)
    {
        using var handle = Open(seen);
        return handle is not null && Native.PidfdSendSignal((int)handle.handle, signal) == 0;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Native.Close((int)handle) == 0;
}
