using System.Buffers;
using System.Globalization;
using System.Text;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Json;

/// <summary>Recognises common slips from the place where the grammar breaks, and says them in words.</summary>
internal static class JsonSlips
{
    private static readonly SearchValues<byte> AfterWords = SearchValues.Create(" \t\r\n,]}"u8);

    /// <summary>Looks at the place where the grammar breaks.</summary>
    /// <param name="text">The text.</param>
    /// <param name="offset">The place, in bytes.</param>
    /// <returns>The slip.</returns>
    public static JsonSlip Find(ReadOnlySpan<byte> text, int offset)
    {
        var rest = text[offset..];
        if (rest.IsEmpty)
        {
            return JsonSlip.EndsEarly;
        }

        if (IsNonFinite(text, offset))
        {
            return JsonSlip.NonFinite;
        }

        return rest[0] switch
        {
            0 => JsonSlip.NulByte,
            < 0x20 => JsonSlip.ControlCharacter,
            (byte)'/' or (byte)'#' => JsonSlip.Comment,
            (byte)'\'' => JsonSlip.SingleQuote,
            (byte)']' or (byte)'}' when text[..offset].TrimEnd(" \t\r\n"u8) is [.., (byte)','] => JsonSlip.TrailingComma,
            _ => IsLiteral(rest) ? JsonSlip.CapitalWord : JsonSlip.Other,
        };
    }

    /// <summary>Describes what breaks the grammar.</summary>
    /// <param name="text">The text.</param>
    /// <param name="offset">The place, in bytes.</param>
    /// <returns>E.g. <c>a comment is not JSON</c>.</returns>
    public static string Describe(ReadOnlySpan<byte> text, int offset) => Find(text, offset) switch
    {
        JsonSlip.EndsEarly => "it ends before it is complete",
        JsonSlip.NonFinite => "NaN, Infinity and -Infinity are not JSON (Python's json.dumps writes them unless allow_nan is False)",
        JsonSlip.CapitalWord => "true, false and null are written in small letters",
        JsonSlip.Comment => "a comment is not JSON",
        JsonSlip.SingleQuote => "text is quoted with \" and not with '",
        JsonSlip.TrailingComma => $"there is a comma before '{(char)text[offset]}' with nothing after it",
        JsonSlip.ControlCharacter => string.Create(CultureInfo.InvariantCulture, $"the control character U+{text[offset]:X4} is not allowed here"),
        JsonSlip.NulByte => "a NUL byte is not allowed here",
        _ => $"'{CharacterAt(text[offset..])}' is not allowed here",
    };

    private static bool IsNonFinite(ReadOnlySpan<byte> text, int offset)
    {
        var word = text[(offset - (offset > 0 && text[offset - 1] == '-' ? 1 : 0))..].TrimStart((byte)'-');
        return word.StartsWith("NaN"u8) || word.StartsWith("Infinity"u8);
    }

    private static bool IsLiteral(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny(AfterWords);
        var word = end < 0 ? rest : rest[..end];
        return Ascii.EqualsIgnoreCase(word, "true"u8) || Ascii.EqualsIgnoreCase(word, "false"u8)
            || Ascii.EqualsIgnoreCase(word, "null"u8) || Ascii.EqualsIgnoreCase(word, "none"u8);
    }

    private static string CharacterAt(ReadOnlySpan<byte> text)
    {
        Rune.DecodeFromUtf8(text, out var rune, out _);
        return PrintableText.Escape(rune.ToString());
    }
}
