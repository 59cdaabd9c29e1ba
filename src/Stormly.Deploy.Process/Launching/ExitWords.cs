using System.Globalization;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Process.Launching;

/// <summary>Turns an exit code into what a person understands.</summary>
internal static class ExitWords
{
    /// <summary>The end of an instance that did not hear.</summary>
    public const string Forced = "was stopped: it did not end within its grace and was killed.";

    /// <summary>The end of an instance that an earlier run of the host application started.</summary>
    private const string Unknown = "its exit code cannot be known, because an earlier run of the host application started it";

    private const int NotExecutable = 126;
    private const int NotFound = 127;
    private const int LastSignal = 31;

    /// <summary>Describes an end that nobody asked for.</summary>
    /// <param name="code">The exit code; 128 + n is read as signal n, as every shell reports it. Null where nobody can learn it.</param>
    /// <param name="leftInBackground">Processes of the instance that live on, for a message; empty where there are none.</param>
    /// <returns>The end, without its output.</returns>
    public static InstanceExit OnItsOwn(int? code, string leftInBackground)
        => code is { } known ? Learnt(known, leftInBackground) : new InstanceExit { Cause = ExitCause.OnItsOwn, Reason = $"ended by itself; {Unknown}." };

    private static InstanceExit Learnt(int code, string leftInBackground) => SignalOf(code) is { } signal
        ? new InstanceExit { Signal = signal, Cause = ExitCause.OnItsOwn, Reason = Killed(signal) }
        : code switch
        {
            NotFound => new InstanceExit { ExitCode = code, Cause = ExitCause.CommandNotRunnable, Reason = "its command was not found (exit code 127). Is the program installed, and on the PATH that the plugin is given?" },
            NotExecutable => new InstanceExit { ExitCode = code, Cause = ExitCause.CommandNotRunnable, Reason = "its command may not be executed (exit code 126). Does the file have the permission, and does its first line name an interpreter that exists?" },
            0 when leftInBackground.Length > 0 => new InstanceExit
            {
                ExitCode = code,
                Cause = ExitCause.OnItsOwn,
                Reason = $"its command put the server into the background and ended with exit code 0; {leftInBackground} still runs and is ended. Keep the server in the foreground (no '&', no daemon option).",
            },
            0 => new InstanceExit { ExitCode = code, Cause = ExitCause.OnItsOwn, Reason = "ended although it should keep running (exit code 0)." },
            _ => new InstanceExit { ExitCode = code, Cause = ExitCause.OnItsOwn, Reason = string.Create(CultureInfo.InvariantCulture, $"ended by itself with exit code {code}.") },
        };

    /// <summary>Describes an end that we brought about.</summary>
    /// <param name="code">The exit code.</param>
    /// <param name="forced">Whether it had to be killed after its grace.</param>
    /// <returns>The end, without its output.</returns>
    public static InstanceExit Stopped(int? code, bool forced)
    {
        if (code is null)
        {
            return new InstanceExit { Cause = ExitCause.Stopped, Reason = forced ? Forced : $"was stopped; {Unknown}." };
        }

        var signal = SignalOf(code.Value);
        return new InstanceExit
        {
            ExitCode = signal is null ? code : null,
            Signal = signal,
            Cause = ExitCause.Stopped,
            Reason = forced ? Forced : string.Create(CultureInfo.InvariantCulture, $"was stopped ({(signal is null ? "exit code" : "signal")} {signal ?? code})."),
        };
    }

    private static int? SignalOf(int code) => code is > 128 and <= 128 + LastSignal ? code - 128 : null;

    private static string Killed(int signal) => signal switch
    {
        Linux.Native.SignalKill => "was killed by signal 9, perhaps out of memory.",
        Linux.Native.SignalTerm => "was ended by signal 15 (TERM), which somebody else sent.",
        4 or 6 or 7 or 8 or 11 => string.Create(CultureInfo.InvariantCulture, $"crashed with signal {signal}."),
        _ => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {signal}."),
    };
}
