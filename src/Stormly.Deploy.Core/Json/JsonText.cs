using System.Text;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Json;

/// <summary>Pieces of JSON text: measured, read and shown.</summary>
internal static class JsonText
{
    /// <summary>The greatest length of a piece in a message, in characters.</summary>
    public const int LongestShown = 80;

    /// <summary>Measures a JSON string that is known to be well formed.</summary>
    /// <param name="quoted">The text from its opening quote on.</param>
    /// <returns>Its length with both quotes.</returns>
    public static int QuotedLength(ReadOnlySpan<byte> quoted)
    {
        var end = 1;
        while (quoted[end] != '"')
        {
            end += quoted[end] == '\\' ? 2 : 1;
        }

        return end + 1;
    }

    /// <summary>Reads a JSON string that is known to be well formed.</summary>
    /// <param name="quoted">The text from its opening quote on.</param>
    /// <returns>What it says; where it holds half of a surrogate pair, which no text can, the escapes as they are written.</returns>
    public static string Unquote(ReadOnlySpan<byte> quoted)
    {
        var whole = quoted[..QuotedLength(quoted)];
        if (LoneSurrogates.Find(whole[1..^1]) >= 0)
        {
            return Encoding.UTF8.GetString(whole[1..^1]);
        }

        var reader = new Utf8JsonReader(whole);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>A piece of JSON as a message shows it: one line, printable, short. Line breaks stand between its tokens, so a blank says the same.</summary>
    /// <param name="raw">The text, which may go on far beyond what is shown.</param>
    /// <returns>At most <see cref="LongestShown"/> characters of it, more only where some had to be escaped.</returns>
    public static string Show(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, 4 * LongestShown)]);
        return PrintableText.Escape(JoinLines(text), maxLength: LongestShown);
    }

    private static string JoinLines(string text)
        => text.Contains('\n', StringComparison.Ordinal) || text.Contains('\r', StringComparison.Ordinal)
            ? string.Join(' ', text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            : text;
}
