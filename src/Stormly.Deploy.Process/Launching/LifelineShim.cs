using System.Globalization;

namespace Stormly.Deploy.Process.Launching;

/// <summary>
/// The two small shell programs that stand between the host application and a plugin's command.
/// <para>
/// The shim becomes the plugin's shell (so its process id is the session, the process group and the bearer of the exit code), after it has left
/// behind a watcher in a session of its own. The watcher sleeps on a pipe whose other end only the host holds. When the host lets go of it, by
/// stopping, crashing or <c>kill -9</c>, the watcher tells everything that carries the instance's marker to end, waits the grace, and kills the rest.
/// </para>
/// Both are POSIX shell: tried with dash, bash and busybox. The plugin's command is an argument and never part of a program's text.
/// </summary>
internal static class LifelineShim
{
    /// <summary>$1 command, $2 shell, $3 setsid, $4 marker's value, $5 grace in seconds, $6 the watcher's program, $7 score for the out-of-memory killer, $8 open files or nothing.</summary>
    private const string Shim =
        """
        exec 3<&0 </dev/null
        ( (
          unset STORMLY_DEPLOY_INSTANCE
          STORMLY_DEPLOY_WATCHER=$4; export STORMLY_DEPLOY_WATCHER
          cd /; exec "$3" "$2" -c "$6" stormly-watcher "STORMLY_DEPLOY_INSTANCE=$4" "$5" "$$" 3<&3 >/dev/null 2>&1
        ) & )
        exec 3<&-
        umask 027
        ulimit -c 0 2>/dev/null
        [ -z "$8" ] || ulimit -n "$8"
        { echo "$7" >/proc/self/oom_score_adj; } 2>/dev/null
        exec "$2" -c "$1"
        """;

    /// <summary>$1 the marker as it stands in an environment, $2 grace in seconds, $3 the plugin's session, which is also its group.</summary>
    private const string Watcher =
        """
        trap '' TERM INT HUP QUIT
        marker=$1; grace=$2; leader=$3
        sweep() {
          left=; group=
          for file in $(grep -ls -- "$marker" /proc/[0-9]*/environ); do
            pid=${file#/proc/}; pid=${pid%/environ}; stat=
            read -r stat <"/proc/$pid/stat" || continue
            set -- "$1" ${stat##*) }
            case $2 in Z|X) continue;; esac
            left="$left $pid"
            if [ "$4" = "$leader" ]; then group=$leader; elif [ "$1" != look ]; then kill -s "$1" "$pid"; fi
          done
          if [ -n "$group" ] && [ "$1" != look ]; then kill -s "$1" -- "-$group"; fi
        }
        read -r _ <&3
        if [ "$grace" -gt 0 ]; then sweep TERM; sweep CONT; else sweep look; fi
        n=$(( grace * 5 ))
        while [ -n "$left" ] && [ "$n" -gt 0 ]; do sleep 0.2; n=$(( n - 1 )); sweep look; done
        n=100
        while [ -n "$left" ] && [ "$n" -gt 0 ]; do sweep KILL; sleep 0.1; n=$(( n - 1 )); sweep look; done
        """;

    /// <summary>Builds the words for <c>setsid</c>.</summary>
    /// <param name="plan">What to start.</param>
    /// <returns>The words, each passed on as it is.</returns>
    public static IReadOnlyList<string> Arguments(LaunchPlan plan) =>
    [
        plan.Shell, "-c", Shim, "stormly-shim", plan.Command, plan.Shell, plan.Setsid, plan.Marker,
        Number((int)Math.Min(int.MaxValue / 10, Math.Ceiling(plan.OrphanGrace.TotalSeconds))), Watcher,
        Number(plan.OutOfMemoryScore), plan.OpenFiles is { } files ? Number(files) : "",
    ];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
