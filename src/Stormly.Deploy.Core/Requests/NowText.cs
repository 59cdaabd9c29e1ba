using System.Buffers.Text;
using System.Globalization;

namespace Stormly.Deploy.Requests;

/// <summary>Writes the time of a request as JSON.</summary>
internal static class NowText
{
    /// <summary>Room for every format: the longest is 26 bytes.</summary>
    public const int MaxLength = 32;

    /// <summary>Writes the value.</summary>
    /// <param name="now">The time.</param>
    /// <param name="format">How to write it.</param>
    /// <param name="output">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(DateTimeOffset now, NowFormat format, Span<byte> output)
    {
        int length;
        switch (format)
        {
            case NowFormat.UnixMilliseconds:
                Utf8Formatter.TryFormat(now.ToUnixTimeMilliseconds(), output, out length);
                return length;
            case NowFormat.Iso8601:
                now.UtcDateTime.TryFormat(output, out length, "'\"'yyyy-MM-dd'T'HH:mm:ss.fff'Z\"'", CultureInfo.InvariantCulture);
                return length;
            default:
                Utf8Formatter.TryFormat(now.ToUnixTimeSeconds(), output, out length);
                return length;
        }
    }
}
