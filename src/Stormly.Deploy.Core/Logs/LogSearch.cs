using System.Text.RegularExpressions;

namespace Stormly.Deploy.Logs;

/// <summary>Searches a plugin's log and its newest rotated file from the newest line to the oldest, in bounded memory and linear time.</summary>
public static class LogSearch
{
    /// <summary>Finds lines. They are found as they are read, so that a caller who has enough can stop.</summary>
    /// <param name="logFile">The path of the log.</param>
    /// <param name="query">What to look for.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The matching lines, newest first.</returns>
    /// <exception cref="ArgumentException">The query is no regular expression that can be matched in linear time; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Thrown while lines are taken, when <paramref name="cancellationToken"/> was cancelled.</exception>
    public static IEnumerable<LogMatch> Find(string logFile, LogQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.MaxMatches, 1);
        var matches = Matcher(query);
        return new[] { logFile, FindRotated(logFile) }.OfType<string>().SelectMany(f => FindIn(f, query.MaxBytes, matches, cancellationToken)).Take(query.MaxMatches);
    }

    private static IEnumerable<LogMatch> FindIn(string file, long maxBytes, Func<string, bool> matches, CancellationToken cancellationToken)
    {
        using var log = LogHandle.TryOpen(file);
        foreach (var (offset, bytes) in log is null ? [] : BackwardLines.Read(log, maxBytes))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = LogLine.ToText(bytes);
            if (matches(line))
            {
                yield return new LogMatch(Path.GetFileName(file), offset, line);
            }
        }
    }

    private static Func<string, bool> Matcher(LogQuery query)
    {
        if (!query.IsRegex)
        {
            var comparison = query.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            return line => line.Contains(query.Text, comparison);
        }

        try
        {
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (query.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            return new Regex(query.Text, options).IsMatch;
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException($"The expression cannot be matched in linear time: {e.Message}", nameof(query), e);
        }
    }

    // Rotations carry the log's name: plugin.log.1, plugin.log.2026-11-23.
    private static string? FindRotated(string logFile)
    {
        try
        {
            var prefix = Path.GetFileName(logFile) + ".";
            return new DirectoryInfo(Path.GetDirectoryName(logFile)!).EnumerateFiles()
                .Where(f => f.Name.StartsWith(prefix, StringComparison.Ordinal)).MaxBy(f => f.LastWriteTimeUtc)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
