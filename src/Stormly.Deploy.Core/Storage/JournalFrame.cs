using System.Buffers.Text;
using System.Numerics;
using System.Text;

namespace Stormly.Deploy.Storage;

/// <summary>
/// One record of a journal: a line of <c>length checksum header-checksum payload</c>, the figures in hex. The header has a checksum of its own, so that the
/// length can be believed and a record that was cut short is told from one that was changed.
/// </summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Payload">A JSON text.</param>
internal readonly record struct JournalFrame(long Offset, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Three figures of eight digits, each followed by a space.</summary>
    public const int HeadLength = 27;

    private const int Checked = 18;

    public static byte[] Write(ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeadLength + payload.Length + 1];
        Encoding.ASCII.GetBytes($"{payload.Length:x8} {Checksum(payload):x8} ", frame);
        Encoding.ASCII.GetBytes($"{Checksum(frame.AsSpan(0, Checked)):x8} ", frame.AsSpan(Checked));
        payload.CopyTo(frame.AsSpan(HeadLength));
        frame[^1] = (byte)'\n';
        return frame;
    }

    /// <summary>Reads the header of a record.</summary>
    /// <param name="text">From its beginning on.</param>
    /// <param name="length">The payload's length.</param>
    /// <param name="checksum">The payload's checksum.</param>
    /// <returns>Whether it is a whole header, as it was written.</returns>
    public static bool TryReadHead(ReadOnlySpan<byte> text, out int length, out uint checksum)
    {
        (length, checksum) = (0, 0);
        return text.Length >= HeadLength && HasHeadForm(text[..HeadLength])
            && Utf8Parser.TryParse(text[..8], out length, out _, 'x') && length >= 0
            && Utf8Parser.TryParse(text[9..17], out checksum, out _, 'x')
            && Utf8Parser.TryParse(text[18..26], out uint head, out _, 'x') && head == Checksum(text[..Checked]);
    }

    /// <summary>Whether a text could be the beginning of a header.</summary>
    public static bool HasHeadForm(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i % 9 == 8 ? text[i] != ' ' : !char.IsAsciiHexDigitLower((char)text[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>CRC-32C: finds every change of up to three bits and every burst of up to 32.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var b in bytes)
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        return ~sum;
    }
}
