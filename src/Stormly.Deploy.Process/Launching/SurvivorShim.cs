using System.Globalization;

namespace Stormly.Deploy.Process.Launching;

/// <summary>
/// The small shell program before the command of a plugin that outlives the host application: before anything else it lets go of all that comes from
/// there. Its input is nothing, its output a file that every writer appends to; it has a session of its own, so no terminal and no signal to the host
/// application's group reaches it. There is no lifeline. POSIX shell, as <see cref="LifelineShim"/>.
/// </summary>
internal static class SurvivorShim
{
    /// <summary>$1 command, $2 shell, $3 file for the output, $4 score for the out-of-memory killer, $5 open files or nothing.</summary>
    private const string Shim =
        """
        umask 077
        exec </dev/null >>"$3" 2>&1
        umask 027
        ulimit -c 0 2>/dev/null
        [ -z "$5" ] || ulimit -n "$5"
        { echo "$4" >/proc/self/oom_score_adj; } 2>/dev/null
        exec "$2" -c "$1"
        """;

    /// <summary>Builds the words for <c>setsid</c>.</summary>
    /// <param name="plan">What to start.</param>
    /// <param name="output">The file for its output.</param>
    /// <returns>The words, each passed on as it is.</returns>
    public static IReadOnlyList<string> Arguments(LaunchPlan plan, OutputFile output) =>
    [
        plan.Shell, "-c", Shim, "stormly-shim", plan.Command, plan.Shell, output.Path,
        plan.OutOfMemoryScore.ToString(CultureInfo.InvariantCulture), plan.OpenFiles?.ToString(CultureInfo.InvariantCulture) ?? "",
    ];
}
