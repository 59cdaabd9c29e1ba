using System.Globalization;
using System.Text;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Documents;

/// <summary>JSON for people: the same value, with what cannot be seen written as escapes, which in JSON can only stand inside strings.</summary>
internal static class ShownJson
{
    /// <summary>A value on its own lines, as it was written, without the blanks that all its other lines begin with: how deep it stood in its document says nothing here.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its text.</returns>
    public static string Lines(RawJson value)
    {
        var lines = Show(value, keepLines: true).Split('\n');
        var margin = lines.Skip(1).Where(l => !string.IsNullOrWhiteSpace(l)).Select(l => l.Length - l.TrimStart(' ').Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select((line, i) => i == 0 ? line : line[Math.Min(margin, line.Length)..]));
    }

    /// <summary>A value on one line: line breaks stand between its tokens, so a blank says the same.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its text.</returns>
    public static string Line(RawJson value) => Show(value, keepLines: false);

    /// <summary>A text as a JSON string.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text in quotes.</returns>
    public static string Quote(string text) => $"\"{VisibleJson.Encoder.Encode(text)}\"";

    private static string Show(RawJson value, bool keepLines)
    {
        var result = new StringBuilder();
        foreach (var rune in value.ToString().EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t')
            {
                result.Append(keepLines && rune.Value == '\n' ? '\n' : ' ');
            }
            else if (VisibleJson.Shows(rune))
            {
                result.Append(rune.ToString());
            }
            else
            {
                AppendEscape(result, rune);
            }
        }

        return result.ToString();
    }

    private static void AppendEscape(StringBuilder result, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        foreach (var unit in units[..rune.EncodeToUtf16(units)])
        {
            result.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
    }
}
