using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>Says in plain words what makes a text no JSON, from the place where the reader stopped.</summary>
internal static class JsonFault
{
    /// <summary>Explains the fault at an offset.</summary>
    public static (string Rule, string Remedy) Explain(ReadOnlySpan<byte> text, int offset)
    {
        var before = text[..offset].TrimEnd(" \t\r\n"u8);
        if (offset >= text.Length)
        {
            return ("must be a whole JSON document, but the text ends too early", "Check that the stage ran to its end and that the file was copied whole.");
        }

        if (text[offset] is (byte)']' or (byte)'}' && before.EndsWith(","u8))
        {
            return ("must not have a comma before a closing bracket", "Take the comma away.");
        }

        return text[offset] switch
        {
            0 => ("must not hold a NUL byte", "Check that the file was written and copied whole."),
            (byte)'/' or (byte)'#' => ("must not hold comments", "Take the comment away."),
            (byte)'\'' => ("must quote with \", not with '", "Write it with json.dumps, not with str."),
            (byte)'N' or (byte)'I' when OneOf(text[offset..], "NaN"u8, "Infinity"u8) => NonFiniteNumber,
            (byte)'I' when before.EndsWith("-"u8) => NonFiniteNumber,
            (byte)'T' or (byte)'F' or (byte)'N' => ("must be JSON: true, false and null are written in small letters", "Write it with json.dumps, not with str."),
            < 0x20 => ("must write control characters inside strings as escapes (\\n, \\u0000)", "Write it with a JSON library."),
            var b => ($"must be JSON, but {Describe(b)} cannot stand here", "Write the file with a JSON library."),
        };
    }

    private static (string Rule, string Remedy) NonFiniteNumber
        => ("must be JSON, which has no NaN and no Infinity", "Write null instead (in Python: json.dumps(..., allow_nan=False) finds them).");

    private static bool OneOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => text.StartsWith(a) || text.StartsWith(b);

    private static string Describe(byte b)
        => b < 0x80 ? PrintableText.Describe((char)b) : string.Create(CultureInfo.InvariantCulture, $"the byte 0x{b:X2}");
}
