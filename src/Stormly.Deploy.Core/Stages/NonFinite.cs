using System.Buffers;

namespace Stormly.Deploy.Stages;

/// <summary>Python's <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which <c>json.dumps</c> writes although they are not JSON.</summary>
internal static class NonFinite
{
    private static readonly SearchValues<byte> OutsideStrings = SearchValues.Create("\"NI"u8);
    private static readonly SearchValues<byte> InsideStrings = SearchValues.Create("\"\\"u8);

    /// <summary>Puts a JSON number and blanks of the same length in place of each such word, so that every offset stays. Copies only where there is one.</summary>
    /// <param name="written">The text as written.</param>
    /// <returns>The same text, or a copy with stand-ins; <see cref="StandsAt"/> tells them from real numbers.</returns>
    public static ReadOnlyMemory<byte> Blank(ReadOnlyMemory<byte> written)
    {
        var text = written.Span;
        byte[]? copy = null;
        var at = 0;
        while (at < text.Length && text[at..].IndexOfAny(OutsideStrings) is var step and >= 0)
        {
            at += step;
            if (text[at] == '"')
            {
                at = EndOfString(text, at);
                continue;
            }

            var start = at > 0 && text[at] == 'I' && text[at - 1] == '-' ? at - 1 : at;
            var length = LengthAt(text, start);
            if (length > 0)
            {
                copy ??= written.ToArray();
                copy.AsSpan(start, length).Fill((byte)' ');
                copy[start] = (byte)'0';
            }

            at = start + Math.Max(length, at - start + 1);
        }

        return copy ?? written;
    }

    /// <summary>Whether the value that begins at <paramref name="offset"/> of the text as written is one of the words.</summary>
    public static bool StandsAt(ReadOnlySpan<byte> written, int offset)
        => written[offset] is (byte)'N' or (byte)'I' || (written[offset] == '-' && offset + 1 < written.Length && written[offset + 1] == 'I');

    /// <summary>The length of the word at <paramref name="offset"/>, which must be one.</summary>
    public static int WordLength(ReadOnlySpan<byte> written, int offset) => written[offset] switch { (byte)'N' => 3, (byte)'I' => 8, _ => 9 };

    /// <summary>A copy in which each word is <c>null</c>.</summary>
    /// <param name="written">The text as written.</param>
    /// <param name="blanked">The same text after <see cref="Blank"/>.</param>
    public static byte[] CopyWithNulls(ReadOnlySpan<byte> written, ReadOnlySpan<byte> blanked)
    {
        var copy = new ArrayBufferWriter<byte>(written.Length + 16);
        var from = 0;
        while (written[from..].CommonPrefixLength(blanked[from..]) is var same && from + same < written.Length)
        {
            copy.Write(written.Slice(from, same));
            copy.Write("null"u8);
            from += same + WordLength(written, from + same);
        }

        copy.Write(written[from..]);
        return copy.WrittenSpan.ToArray();
    }

    private static int EndOfString(ReadOnlySpan<byte> text, int quote)
    {
        var at = quote + 1;
        while (at < text.Length && text[at..].IndexOfAny(InsideStrings) is var step and >= 0)
        {
            at += step;
            if (text[at] == '"')
            {
                return at + 1;
            }

            at += 2;
        }

        return text.Length;
    }

    private static int LengthAt(ReadOnlySpan<byte> text, int start)
    {
        var rest = text[start..];
        var length = rest.StartsWith("NaN"u8) ? 3 : rest.StartsWith("Infinity"u8) ? 8 : rest.StartsWith("-Infinity"u8) ? 9 : 0;
        var stands = length > 0
            && (start == 0 || text[start - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)':' or (byte)'[')
            && (length == rest.Length || rest[length] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)']' or (byte)'}');
        return stands ? length : 0;
    }
}
