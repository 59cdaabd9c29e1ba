using System.Runtime.InteropServices;

namespace Stormly.Deploy.Process.Linux;

/// <summary>The few calls of the C library that .NET does not offer. Only to be used on Linux.</summary>
internal static partial class Native
{
    public const int SignalKill = 9;
    public const int SignalTerm = 15;
    public const int SignalContinue = 18;

    /// <summary>POLLIN: a process descriptor says so when its process has ended, a zombie included.</summary>
    public const short PollIn = 1;

    /// <summary>errno "no such process".</summary>
    public const int NoSuchProcess = 3;

    /// <summary>errno "this kernel has no such call".</summary>
    public const int NoSuchCall = 38;

    /// <summary>kill(2): a negative id means a process group.</summary>
    /// <param name="pid">The process, or minus the group.</param>
    /// <param name="signal">The signal.</param>
    /// <returns>0, or -1 with errno set.</returns>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    /// <summary>pidfd_open(2), Linux 5.3: a descriptor that can never come to mean another process. It is closed on exec.</summary>
    /// <param name="pid">The process.</param>
    /// <returns>The descriptor, or -1 with errno set.</returns>
    public static int PidfdOpen(int pid) => (int)Syscall(434, pid, 0, 0, 0);

    /// <summary>pidfd_send_signal(2), Linux 5.1.</summary>
    /// <param name="descriptor">From <see cref="PidfdOpen"/>.</param>
    /// <param name="signal">The signal.</param>
    /// <returns>0, or -1 with errno set.</returns>
    public static int PidfdSendSignal(int descriptor, int signal) => (int)Syscall(424, descriptor, signal, 0, 0);

    /// <summary>poll(2) without a time limit.</summary>
    /// <param name="descriptors">What is waited for; what came is noted in it.</param>
    /// <returns>How many have something to say; -1 where the wait was interrupted.</returns>
    public static int Poll(Span<PollDescriptor> descriptors) => Poll(ref MemoryMarshal.GetReference(descriptors), (nuint)descriptors.Length, -1);

    /// <summary>eventfd(2), closed on exec: a counter that a wait can be woken by.</summary>
    /// <returns>The descriptor, or -1 with errno set.</returns>
    public static int EventDescriptor() => EventDescriptor(0, 0x80000);

    /// <summary>Adds one to a counter of <see cref="EventDescriptor()"/>.</summary>
    /// <param name="descriptor">The counter.</param>
    public static void Wake(int descriptor)
    {
        var one = 1UL;
        _ = Write(descriptor, ref one, sizeof(ulong));
    }

    /// <summary>Sets a counter back to nothing.</summary>
    /// <param name="descriptor">The counter; it must not be nothing already.</param>
    public static void Calm(int descriptor)
    {
        var count = 0UL;
        _ = Read(descriptor, ref count, sizeof(ulong));
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor first, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ref ulong value, nint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, ref ulong value, nint length);

    /// <summary>Both numbers are the same on every architecture, as all calls added since Linux 5.0.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint a, nint b, nint c, nint d);
}
