using System.Globalization;
using System.Text;

namespace Stormly.Deploy.Model;

/// <summary>Renders text that somebody else wrote (names, output lines, JSON values) so that a terminal, a log and a message stay in one piece.</summary>
public static class PrintableText
{
    /// <summary>Replaces control characters, text direction marks and lone surrogates by <c>\uXXXX</c>; keeps everything else.</summary>
    /// <param name="text">The text as it came.</param>
    /// <param name="keepLineBreaks">Whether line feeds and tabs stay as they are.</param>
    /// <param name="maxLength">The greatest length of the answer in characters; what is cut is said with <c>…</c>.</param>
    /// <returns>Text that is safe to print.</returns>
    public static string Escape(ReadOnlySpan<char> text, bool keepLineBreaks = false, int maxLength = int.MaxValue)
    {
        var result = new StringBuilder(Math.Min(text.Length, 1024));
        foreach (var rune in text.EnumerateRunes())
        {
            if (result.Length >= maxLength)
            {
                result.Append('…');
                break;
            }

            if (keepLineBreaks && rune.Value is '\n' or '\t')
            {
                result.Append((char)rune.Value);
            }
            else if (IsPrintable(rune))
            {
                result.Append(rune.ToString());
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
        }

        return result.ToString();
    }

    /// <summary>Names one character for a message, by itself where it can be seen, by its number where it cannot.</summary>
    /// <param name="c">The character.</param>
    /// <returns>A quoted character or <c>the character U+XXXX</c>.</returns>
    public static string Describe(char c)
        => Rune.TryCreate(c, out var rune) && IsPrintable(rune) && !char.IsWhiteSpace(c)
            ? $"'{c}'"
            : string.Create(CultureInfo.InvariantCulture, $"the character U+{(int)c:X4}");

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
