using System.Buffers.Text;
using System.Text.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Statistics;

/// <summary>Brings a value into the one text by which it is counted: escapes resolved, numbers in one way. Objects and arrays are not counted.</summary>
internal static class ScalarText
{
    private const int LongestNumber = 400;

    /// <summary>Reads a value.</summary>
    /// <param name="reader">Stands on the value's first token; the text is known to be JSON.</param>
    /// <param name="type">What the value must be.</param>
    /// <param name="output">Gets the text; a longer one is not counted.</param>
    /// <param name="length">How long it is; 0 where it is not counted.</param>
    /// <param name="number">What a number says; NaN for everything else.</param>
    public static void Read(ref Utf8JsonReader reader, NativeType type, scoped Span<byte> output, out int length, out double number)
    {
        (length, number) = (0, double.NaN);
        if (!ValueRule.Allows(type, reader.TokenType, reader.ValueSpan))
        {
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                length = Copy(reader.ValueSpan, output);
                break;
            case JsonTokenType.Number when reader.ValueSpan.Length <= LongestNumber:
                Span<byte> text = stackalloc byte[NumberText.MaxLength];
                length = Copy(text[..NumberText.Write(reader.ValueSpan, text)], output);
                number = Utf8Parser.TryParse(reader.ValueSpan, out double value, out _) && double.IsFinite(value) ? value : double.NaN;
                break;
            case JsonTokenType.String:
                length = ReadString(ref reader, output);
                break;
            default:
                break;
        }
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> output) => text.TryCopyTo(output) ? text.Length : 0;

    /// <summary>A text with every letter written one way: only quotes, backslashes and controls are escaped.</summary>
    private static int ReadString(ref Utf8JsonReader reader, scoped Span<byte> output)
    {
        // One letter takes six bytes at most as an escape and one byte at least when resolved.
        if (reader.ValueSpan.Length > 6 * output.Length)
        {
            return 0;
        }

        Span<byte> room = stackalloc byte[reader.ValueSpan.Length];
        var text = room[..reader.CopyString(room)];
        var length = 0;
        return Append(output, ref length, "\""u8) && AppendEscaped(output, ref length, text) && Append(output, ref length, "\""u8) ? length : 0;
    }

    private static bool AppendEscaped(Span<byte> output, ref int length, ReadOnlySpan<byte> text)
    {
        Span<byte> escape = stackalloc byte[6];
        foreach (var b in text)
        {
            switch (b)
            {
                case (byte)'"' or (byte)'\\':
                    (escape[0], escape[1]) = ((byte)'\\', b);
                    if (!Append(output, ref length, escape[..2]))
                    {
                        return false;
                    }

                    break;
                case < 0x20:
                    "\\u00"u8.CopyTo(escape);
                    Utf8Formatter.TryFormat(b, escape[4..], out _, new System.Buffers.StandardFormat('x', 2));
                    if (!Append(output, ref length, escape))
                    {
                        return false;
                    }

                    break;
                default:
                    if (length >= output.Length)
                    {
                        return false;
                    }

                    output[length++] = b;
                    break;
            }
        }

        return true;
    }

    private static bool Append(Span<byte> output, ref int length, ReadOnlySpan<byte> text)
    {
        if (!text.TryCopyTo(output[length..]))
        {
            return false;
        }

        length += text.Length;
        return true;
    }
}
