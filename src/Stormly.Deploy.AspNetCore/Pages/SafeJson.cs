using System.Globalization;
using System.Text;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>
/// JSON text that a person can read and copy without being deceived: characters that cannot be seen or that turn the direction of writing stand as <c>\uXXXX</c>,
/// which means the same in JSON. Everything else stays as somebody wrote it.
/// </summary>
internal static class SafeJson
{
    /// <summary>Shows a JSON value.</summary>
    /// <param name="json">Text that is JSON: outside of its strings only ASCII can stand.</param>
    /// <returns>Text of the same value.</returns>
    public static string Show(string json)
    {
        var text = new StringBuilder(json.Length);
        foreach (var rune in json.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or '\r' || !IsHidden(rune))
            {
                text.Append(rune.ToString());
            }
            else
            {
                Escape(text, rune);
            }
        }

        return text.ToString();
    }

    /// <summary>Writes text as a JSON string.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The string with its quotes.</returns>
    public static string Quote(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"' or '\\':
                    json.Append('\\').Append((char)rune.Value);
                    break;
                case '\n':
                    json.Append("\\n");
                    break;
                case '\r':
                    json.Append("\\r");
                    break;
                case '\t':
                    json.Append("\\t");
                    break;
                default:
                    _ = IsHidden(rune) ? Escape(json, rune) : json.Append(rune.ToString());
                    break;
            }
        }

        return json.Append('"').ToString();
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;

    private static StringBuilder Escape(StringBuilder text, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        foreach (var unit in units[..rune.EncodeToUtf16(units)])
        {
            text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        return text;
    }
}
