using System.Globalization;
using System.Text;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>Says in words what is wrong with a JSON text.</summary>
internal static class JsonFaultText
{
    private const int LongestName = 80;

    /// <summary>Describes a fault, without its place.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="text">The text that it was found in.</param>
    /// <param name="maxDepth">The bound that was set.</param>
    /// <returns>E.g. <c>NaN is not JSON …</c>.</returns>
    public static string Describe(JsonFault fault, ReadOnlySpan<byte> text, int maxDepth) => fault.Kind switch
    {
        JsonFaultKind.Empty => "nothing was sent",
        JsonFaultKind.ByteOrderMark => "it begins with a byte order mark",
        JsonFaultKind.Utf16 => "it is UTF-16, JSON is sent as UTF-8",
        JsonFaultKind.InvalidUtf8 => string.Create(CultureInfo.InvariantCulture, $"the byte 0x{text[fault.Offset]:X2} is not UTF-8 here"),
        JsonFaultKind.TooDeep => string.Create(CultureInfo.InvariantCulture, $"it is nested deeper than {maxDepth} levels"),
        JsonFaultKind.LoneSurrogate => $"{Cut(text.Slice(fault.Offset, LoneSurrogates.EscapeLength), LongestName)} is half of a surrogate pair, which no text can hold",
        JsonFaultKind.DuplicateKey => $"the name \"{Cut(text[(fault.Offset + 1)..(fault.Offset + QuotedLength(text[fault.Offset..]) - 1)], LongestName)}\" stands twice in the same object",
        JsonFaultKind.Scalar => "it is a single value",
        _ => DescribeSyntax(fault.Offset, text),
    };

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

    private static string DescribeSyntax(int offset, ReadOnlySpan<byte> text)
    {
        var rest = text[offset..];
        if (rest.IsEmpty)
        {
            return "it ends before it is complete";
        }

        if (IsPythonNumber(text, offset))
        {
            return "NaN, Infinity and -Infinity are not JSON (Python's json.dumps writes them unless allow_nan is False)";
        }

        Rune.DecodeFromUtf8(rest, out var rune, out _);
        var found = rune.Value < 0x20
            ? string.Create(CultureInfo.InvariantCulture, $"the control character U+{rune.Value:X4}")
            : $"'{PrintableText.Escape(rune.ToString())}'";
        return rest[0] switch
        {
            (byte)'/' => "a comment is not JSON",
            (byte)'\'' => "text is quoted with \" and not with '",
            (byte)']' or (byte)'}' when text[..offset].TrimEnd(" \t\r\n"u8) is [.., (byte)','] => $"there is a comma before {found} with nothing after it",
            _ => $"{found} is not allowed here",
        };
    }

    private static bool IsPythonNumber(ReadOnlySpan<byte> text, int offset)
    {
        var start = offset - (offset > 0 && text[offset - 1] == '-' ? 1 : 0);
        var word = text[start..].TrimStart((byte)'-');
        return word.StartsWith("NaN"u8) || word.StartsWith("Infinity"u8);
    }

    private static string Cut(ReadOnlySpan<byte> text, int maxLength)
        => PrintableText.Escape(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * maxLength)]), maxLength: maxLength);
}
