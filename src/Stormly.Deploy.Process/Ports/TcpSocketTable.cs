using System.Globalization;
using System.Net;

namespace Stormly.Deploy.Process.Ports;

/// <summary>Reads the kernel's tables of TCP sockets, IPv4 and IPv6, of the network that this process is in.</summary>
internal static class TcpSocketTable
{
    private const string Listening = "0A";

    /// <summary>Reads all sockets with a port of their own.</summary>
    /// <returns>The sockets; none where the machine has no such tables.</returns>
    public static IReadOnlyList<TcpSocket> Read() => [.. ReadFile("/proc/self/net/tcp"), .. ReadFile("/proc/self/net/tcp6")];

    /// <summary>Reads one row, e.g. <c>0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 28134 …</c>.</summary>
    /// <returns>The socket; null for a heading or a row that was cut off.</returns>
    internal static TcpSocket? Parse(string row)
    {
        var fields = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 9
            && ParseEndPoint(fields[1]) is { } local
            && long.TryParse(fields[7], NumberStyles.None, CultureInfo.InvariantCulture, out var user)
            && long.TryParse(fields[9], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
                ? new TcpSocket(local, fields[3] == Listening, user, inode)
                : null;
    }

    private static List<TcpSocket> ReadFile(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(Parse).OfType<TcpSocket>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IPEndPoint? ParseEndPoint(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon is 8 or 32
            && ParseAddress(text[..colon]) is { } address
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port)
                ? new IPEndPoint(address, port)
                : null;
    }

    // Groups of four bytes, each written as a number of the machine's own byte order.
    private static IPAddress? ParseAddress(string hex)
    {
        var bytes = new byte[hex.Length / 2];
        for (var i = 0; i < hex.Length; i += 8)
        {
            if (!uint.TryParse(hex.AsSpan(i, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var group) || !BitConverter.TryWriteBytes(bytes.AsSpan(i / 2), group))
            {
                return null;
            }
        }

        return new IPAddress(bytes);
    }
}
