using System.Collections.Frozen;
using System.Globalization;

namespace Stormly.Deploy.Features;

/// <summary>Languages by ISO 639, and the language that somebody prefers.</summary>
internal static class Languages
{
    private const int MostRanges = 32;
    private const int LongestTag = 35;

    private static readonly FactValue[] Values = [.. EmbeddedRows.Read("languages.txt").Select(r => new FactValue { Text = r[0], Others = [r[1]] })];
    private static readonly FrozenDictionary<string, FactValue> ByCode = Values.ToFrozenDictionary(v => v.Text!, StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FactValue> All => Values;

    /// <summary>Reads <c>Accept-Language</c>.</summary>
    /// <param name="header">E.g. <c>nl-BE, nl;q=0.9, en;q=0.8</c>.</param>
    /// <returns>The language with the highest quality, the first of equals; null where there is none.</returns>
    public static FactValue? Preferred(string? header)
    {
        ReadOnlySpan<char> rest = header;
        ReadOnlySpan<char> best = default;
        var bestQuality = 0.0;
        for (var i = 0; i < MostRanges && !rest.IsEmpty; i++)
        {
            var comma = rest.IndexOf(',');
            var range = comma < 0 ? rest : rest[..comma];
            rest = comma < 0 ? default : rest[(comma + 1)..];
            var semicolon = range.IndexOf(';');
            var tag = (semicolon < 0 ? range : range[..semicolon]).Trim();
            var quality = semicolon < 0 ? 1 : Quality(range[(semicolon + 1)..].Trim());
            if (quality > bestQuality && IsTag(tag))
            {
                best = tag;
                bestQuality = quality;
            }
        }

        return best.IsEmpty ? null : Value(best.ToString());
    }

    private static FactValue Value(string tag)
    {
        var parts = tag.Split('-');
        var code = parts[0].ToLowerInvariant();
        var known = ByCode.GetValueOrDefault(code);
        if (parts.Length == 1)
        {
            return known ?? FactValue.Of(code);
        }

        // Upper case for the region, title case for the script: nl-BE, zh-Hant-TW.
        for (var i = 1; i < parts.Length; i++)
        {
            parts[i] = parts[i].Length == 2 ? parts[i].ToUpperInvariant() : parts[i].Length == 4 ? char.ToUpperInvariant(parts[i][0]) + parts[i][1..].ToLowerInvariant() : parts[i];
        }

        parts[0] = code;
        return new FactValue { Text = code, Exact = string.Join('-', parts), Others = known?.Others ?? [] };
    }

    private static bool IsTag(ReadOnlySpan<char> tag)
    {
        if (tag.Length is < 2 or > LongestTag || tag.IndexOf('-') is 0 or 1 || tag[^1] == '-' || tag.Contains("--", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var c in tag)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return char.IsAsciiLetter(tag[0]) && char.IsAsciiLetter(tag[1]);
    }

    private static double Quality(ReadOnlySpan<char> parameter)
        => parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase) && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) && q <= 1 ? q : 0;
}
