using System.Globalization;

namespace Stormly.Deploy.Json;

/// <summary>Finds escapes such as <c>\ud800</c> without their other half.</summary>
internal static class LoneSurrogates
{
    /// <summary>The length of an escape.</summary>
    public const int EscapeLength = 6;

    /// <summary>Looks through the inside of a JSON string whose escapes are known to be well formed.</summary>
    /// <param name="raw">The text between the quotes.</param>
    /// <returns>Where the first half pair begins; -1 where there is none.</returns>
    public static int Find(ReadOnlySpan<byte> raw)
    {
        var at = 0;
        while (true)
        {
            var next = raw[at..].IndexOf((byte)'\\');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            var unit = UnitAt(raw, at);
            if (!char.IsSurrogate(unit))
            {
                at += unit == default ? 2 : EscapeLength;
            }
            else if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(UnitAt(raw, at + EscapeLength)))
            {
                at += 2 * EscapeLength;
            }
            else
            {
                return at;
            }
        }
    }

    /// <summary>The UTF-16 unit that an escape names; NUL where there is no such escape, or where it names NUL: no surrogate either way.</summary>
    private static char UnitAt(ReadOnlySpan<byte> raw, int at)
        => raw.Length >= at + EscapeLength && raw[at] == '\\' && raw[at + 1] == 'u'
            && ushort.TryParse(raw.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : default;
}
