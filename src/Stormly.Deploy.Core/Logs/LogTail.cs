using System.Runtime.CompilerServices;

namespace Stormly.Deploy.Logs;

/// <summary>
/// Reads the end of a plugin's log while it is written and cut. Never reads the whole file; every line comes out printable, with control
/// characters, escape sequences and broken UTF-8 made visible. A line longer than 64 KiB comes in several pieces.
/// </summary>
public static class LogTail
{
    /// <summary>The number of bytes that <see cref="ReadLast"/> looks at unless it is told otherwise: 1 MiB.</summary>
    public const int DefaultMaxBytes = 1 << 20;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Reads the last lines.</summary>
    /// <param name="logFile">The path of the log.</param>
    /// <param name="lines">How many lines at most, 0 or more.</param>
    /// <param name="maxBytes">How many bytes from the end are looked at, at most.</param>
    /// <returns>The lines in the order in which they were written; none where there is no log that can be read.</returns>
    public static IReadOnlyList<string> ReadLast(string logFile, int lines, int maxBytes = DefaultMaxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lines);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        using var log = LogHandle.TryOpen(logFile);
        return log is null ? [] : [.. BackwardLines.Read(log, maxBytes).Take(lines).Select(l => LogLine.ToText(l.Line)).Reverse()];
    }

    /// <summary>
    /// Gives the lines that are written from now on. Goes on when the log is cut, emptied, rotated, deleted or made later; what was
    /// cut away before it could be read is not given.
    /// </summary>
    /// <param name="logFile">The path of the log.</param>
    /// <param name="time">The clock between two looks, 250 ms apart.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <returns>The lines, without end.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async IAsyncEnumerable<string> FollowAsync(
        string logFile, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var follower = new LogFollower(logFile);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var lines = follower.ReadNew();
            foreach (var line in lines)
            {
                yield return line;
            }

            if (lines.Count == 0)
            {
                await Task.Delay(LookEvery, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
