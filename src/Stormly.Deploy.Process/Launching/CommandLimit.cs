using System.Globalization;
using System.Text;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Process.Launching;

/// <summary>What the system passes on as one argument.</summary>
internal static class CommandLimit
{
    /// <summary>Linux passes at most 32 pages as one argument, its closing NUL included (execve(2), MAX_ARG_STRLEN).</summary>
    public const int MaxBytes = (128 * 1024) - 1;

    /// <summary>Whether a text can be one argument.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it is short enough.</returns>
    public static bool Fits(string text) => text.Length <= MaxBytes && Encoding.UTF8.GetByteCount(text) <= MaxBytes;

    /// <summary>Refuses a command that the system would cut or refuse.</summary>
    /// <param name="spec">The instance.</param>
    /// <param name="command">Its command line.</param>
    /// <exception cref="InstanceStartException">It holds a NUL or is too long.</exception>
    public static void Check(InstanceSpec spec, string command)
    {
        var problem = command.Contains('\0', StringComparison.Ordinal) ? "holds a NUL character, which no command line can. Remove it."
            : !Fits(command) ? string.Create(CultureInfo.InvariantCulture, $"has {Encoding.UTF8.GetByteCount(command)} bytes; the system passes on at most {MaxBytes}. Put it into a script in the plugin's folder and start that.")
            : null;
        if (problem is not null)
        {
            throw new InstanceStartException(spec.Plugin, spec.Id, $"startServerCmd {problem}");
        }
    }
}
