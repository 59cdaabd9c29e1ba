namespace Stormly.Deploy.Docker.Containers;

/// <summary>
/// The small shell program between the container's init process and a plugin's command. An engine tells only the first process to end, and a
/// container ends with it: a server that a compound command started would be killed without having been told. The shim tells everybody, and waits.
/// It is POSIX shell (tried with dash and busybox); the plugin's command is an argument and never part of its text.
/// </summary>
internal static class CommandShim
{
    /// <summary>What the shim writes where a command ends and leaves something behind.</summary>
    public const string LeftBehind = "stormly: the command has ended, but processes that it put into the background still run; they end now.";

    /// <summary>$1 command, $2 shell.</summary>
    private const string Program =
        $$"""
        stopping=
        trap 'stopping=1; trap "" TERM; kill -TERM -1' TERM
        "$2" -c "$1" &
        child=$!
        while :; do
          wait "$child"; code=$?
          kill -0 "$child" 2>/dev/null || break
        done
        if [ -n "$stopping" ]; then
          while kill -0 -1 2>/dev/null; do sleep 0.05 2>/dev/null || break; done
        elif kill -0 -1 2>/dev/null; then
          echo "{{LeftBehind}}" >&2
        fi
        exit "$code"
        """;

    /// <summary>Builds the words of the container's command.</summary>
    /// <param name="shell">The shell in the image.</param>
    /// <param name="command">The plugin's command line.</param>
    /// <returns>The words, each passed on as it is.</returns>
    public static IReadOnlyList<string> Words(string shell, string command) => [shell, "-c", Program, "stormly-shim", command, shell];
}
