namespace Stormly.Deploy.Json;

/// <summary>Turns byte offsets into what an editor shows, and back.</summary>
internal static class TextPosition
{
    /// <summary>Line and column of a byte offset, both from 1; a column counts characters, not bytes.</summary>
    public static (int Line, int Column) Of(ReadOnlySpan<byte> text, int offset)
    {
        var before = text[..Math.Min(offset, text.Length)];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, CountCharacters(before[lineStart..]) + 1);
    }

    /// <summary>The byte offset of a line (from 0) and a byte position in it, as the framework's JSON errors tell them.</summary>
    public static int OffsetOf(ReadOnlySpan<byte> text, long line, long bytePosition)
    {
        var start = 0;
        for (var i = 0L; i < line; i++)
        {
            start += text[start..].IndexOf((byte)'\n') + 1;
        }

        return (int)Math.Min(start + bytePosition, text.Length);
    }

    private static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var b in utf8)
        {
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }
}
