using System.Buffers;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>What a path may be: one that every HTTP client sends and every server reads as it is written, and that stays on the instance's own host.</summary>
internal static class PathRule
{
    /// <summary>The greatest length in characters.</summary>
    internal const int MaxLength = 2048;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/%");

    /// <summary>Finds the rule that a path breaks.</summary>
    /// <param name="path">The path; null where the value was no string.</param>
    /// <returns>The rule and what to do; null for a good path.</returns>
    public static (string Rule, string Remedy)? FindProblem(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return ("must be a path that begins with '/'", "Write e.g. \"/predict\".");
        }

        if (path.Length > MaxLength)
        {
            return ($"must have at most {MaxLength} characters, this one has {path.Length}", "Choose a shorter path.");
        }

        return FindStartProblem(path) ?? FindCharacterProblem(path) ?? FindEscapeProblem(path) ?? FindSegmentProblem(path);
    }

    private static (string Rule, string Remedy)? FindStartProblem(string path)
    {
        if (path.Contains("://", StringComparison.Ordinal) && path[0] != '/')
        {
            return ("must be a path, not an address", "Write only what follows the host, e.g. \"/predict\".");
        }

        if (path[0] != '/')
        {
            return ("must begin with '/'", "Put a '/' before it.");
        }

        return path.StartsWith("//", StringComparison.Ordinal) ? ("must not begin with '//', which names another host", "Write one '/'.") : null;
    }

    private static (string Rule, string Remedy)? FindCharacterProblem(string path)
    {
        var at = path.AsSpan().IndexOfAnyExcept(Allowed);
        return at < 0 ? null : path[at] switch
        {
            '?' => ("must not have a query", "Take everything from '?' on away; a request's values stand in its body."),
            '#' => ("must not have a fragment", "Take everything from '#' on away."),
            '\\' => ("must not hold a backslash", "Write '/'."),
            '\r' or '\n' => ("must not hold a line break", "Take it away."),
            var c => ($"must not hold {PrintableText.Describe(c)}, which an address cannot", "Percent-encode it, or choose another path."),
        };
    }

    private static (string Rule, string Remedy)? FindEscapeProblem(string path)
    {
        for (var at = path.IndexOf('%', StringComparison.Ordinal); at >= 0; at = path.IndexOf('%', at + 1))
        {
            if (at + 2 >= path.Length || !char.IsAsciiHexDigit(path[at + 1]) || !char.IsAsciiHexDigit(path[at + 2]))
            {
                return ("must have two hex digits after each '%'", "Write %25 for a percent sign.");
            }

            if (Decode(path, at) is var c and (< ' ' or '\x7F' or '/' or '\\'))
            {
                return ($"must not hold {PrintableText.Describe(c)} in percent-encoding", "Servers read it in different ways: choose another path.");
            }
        }

        return null;
    }

    private static (string Rule, string Remedy)? FindSegmentProblem(string path)
    {
        foreach (var segment in path.Split('/'))
        {
            var plain = segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            if (plain is "." or "..")
            {
                return ($"must not have the segment '{plain}'", "Write the path that is meant.");
            }
        }

        return null;
    }

    private static char Decode(string path, int at) => (char)Convert.ToByte(path.Substring(at + 1, 2), 16);
}
