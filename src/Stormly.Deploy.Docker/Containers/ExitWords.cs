using System.Globalization;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Containers;

/// <summary>Turns the end of a container into what a person understands.</summary>
internal static class ExitWords
{
    /// <summary>The end of an instance that did not hear.</summary>
    public const string Forced = "was stopped: it did not end within its grace and was killed.";

    private const int NotExecutable = 126;
    private const int NotFound = 127;
    private const int Killed = 9;
    private const int Terminated = 15;
    private const int LastSignal = 31;

    /// <summary>Describes an end that nobody asked for.</summary>
    /// <param name="end">What the engine knows.</param>
    /// <param name="memoryBytes">The memory limit; null where there is none.</param>
    /// <param name="leftBehind">Whether the command ended and left processes in the background.</param>
    /// <returns>The end, without its output.</returns>
    public static InstanceExit OnItsOwn(ContainerEnd end, long? memoryBytes, bool leftBehind)
    {
        var code = (int?)end.Code;
        var signal = SignalOf(code);
        return new InstanceExit
        {
            ExitCode = signal is null ? code : null,
            Signal = signal,
            Cause = code is NotFound or NotExecutable ? ExitCause.CommandNotRunnable : ExitCause.OnItsOwn,
            Reason = end switch
            {
                { Code: null } => "its container was removed by somebody else.",
                { OutOfMemory: true } => $"ran out of memory: the kernel ended it at its limit{Limit(memoryBytes)}. Give it more with `Docker:MemoryBytes` or `Docker:Plugins:NAME:MemoryBytes`.",
                _ => Describe(code!.Value, signal, leftBehind),
            },
        };
    }

    /// <summary>Describes an end that we brought about.</summary>
    /// <param name="end">What the engine knows.</param>
    /// <param name="forced">Whether it had to be killed.</param>
    /// <returns>The end, without its output.</returns>
    public static InstanceExit Stopped(ContainerEnd end, bool forced)
    {
        var code = (int?)end.Code;
        var signal = SignalOf(code);
        return new InstanceExit
        {
            ExitCode = signal is null ? code : null,
            Signal = signal,
            Cause = ExitCause.Stopped,
            Reason = forced ? Forced
                : code is null ? "was stopped."
                : string.Create(CultureInfo.InvariantCulture, $"was stopped ({(signal is null ? "exit code" : "signal")} {signal ?? code})."),
        };
    }

    private static string Describe(int code, int? signal, bool leftBehind) => (signal, code) switch
    {
        (Killed, _) => "was killed by signal 9, perhaps out of memory.",
        (Terminated, _) => "was ended by signal 15 (TERM), which somebody else sent.",
        (4 or 6 or 7 or 8 or 11, _) => string.Create(CultureInfo.InvariantCulture, $"crashed with signal {signal}."),
        (not null, _) => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {signal}."),
        (_, NotFound) => "its command was not found (exit code 127). Does its image have the program, on the image's PATH?",
        (_, NotExecutable) => "its command may not be executed (exit code 126). Does the file have the permission, and does its first line name an interpreter that the image has?",
        (_, 0) when leftBehind => "its command put the server into the background and ended with exit code 0; its container ended with it. Keep the server in the foreground (no '&', no daemon option).",
        (_, 0) => "ended although it should keep running (exit code 0).",
        _ => string.Create(CultureInfo.InvariantCulture, $"ended by itself with exit code {code}."),
    };

    private static string Limit(long? bytes) => bytes is { } limit ? string.Create(CultureInfo.InvariantCulture, $" of {limit / 1048576.0:0.#} MiB") : "";

    private static int? SignalOf(int? code) => code is > 128 and <= 128 + LastSignal ? code - 128 : null;
}
