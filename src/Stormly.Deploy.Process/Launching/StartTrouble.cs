using System.ComponentModel;

namespace Stormly.Deploy.Process.Launching;

/// <summary>Says why the system did not start a process, and what would help.</summary>
internal static class StartTrouble
{
    /// <summary>Puts an error into words.</summary>
    /// <param name="error">From the start of a process.</param>
    /// <returns>A sentence or two.</returns>
    public static string Describe(Win32Exception error)
    {
        var cause = error.InnerException as Win32Exception ?? error;
        return "The system did not start the process: " + cause.NativeErrorCode switch
        {
            7 => "command and environment together are too large. Put the command into a script in the plugin's folder.",
            11 => "the limit of processes is reached (ulimit -u, or the limit of the container). Raise it, or run fewer instances.",
            12 => "there is not enough memory.",
            23 or 24 => "no more files can be opened (ulimit -n). Raise the limit, or run fewer instances.",
            _ => cause.Message + ".",
        };
    }
}
