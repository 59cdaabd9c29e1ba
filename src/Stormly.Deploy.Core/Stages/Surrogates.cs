using System.Buffers.Text;

namespace Stormly.Deploy.Stages;

/// <summary>Finds escapes that are half a character, which a JSON reader lets through until somebody asks for the text.</summary>
internal static class Surrogates
{
    /// <summary>Whether the raw inside of a JSON string holds a <c>\uD800</c>–<c>\uDFFF</c> that has no partner.</summary>
    public static bool HasLone(ReadOnlySpan<byte> raw)
    {
        var highBefore = -1;
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '\\')
            {
                continue;
            }

            if (raw[++at] != 'u')
            {
                continue;
            }

            var unit = Utf8Parser.TryParse(raw.Slice(at + 1, 4), out ushort parsed, out _, 'x') ? parsed : 0;
            var paired = highBefore == at - 1;
            if ((highBefore >= 0 && !paired) || char.IsLowSurrogate((char)unit) != paired)
            {
                return true;
            }

            at += 4;
            highBefore = char.IsHighSurrogate((char)unit) ? at + 1 : -1;
        }

        return highBefore >= 0;
    }
}
