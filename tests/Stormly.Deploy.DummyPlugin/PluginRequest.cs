using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>One request as it came over the wire; understands a length and chunks.</summary>
internal sealed record PluginRequest(string Method, string Path, string Query, string Head, byte[] Body)
{
    public bool WantsClose => Head.Contains("\r\nconnection: close", StringComparison.OrdinalIgnoreCase);

    /// <summary>One value of the query, or null.</summary>
    public string? Asked(string name)
        => Query.Split('&').Select(p => p.Split('=', 2)).FirstOrDefault(p => p.Length == 2 && p[0] == name)?[1];

    public int Asked(string name, int otherwise)
        => Asked(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Reads the next request of a connection; null at its end.</summary>
    public static async Task<PluginRequest?> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        if (!await ReadUntilAsync(stream, head, "\r\n\r\n"))
        {
            return null;
        }

        var text = head.ToString();
        var target = text[..text.IndexOf('\r', StringComparison.Ordinal)].Split(' ');
        var path = target[1].Split('?', 2);
        return new PluginRequest(target[0], path[0], path.Length > 1 ? path[1] : "", text, await ReadBodyAsync(stream, text));
    }

    private static async Task<byte[]> ReadBodyAsync(NetworkStream stream, string head)
    {
        if (Header(head, "content-length") is { } length)
        {
            return await ReadExactlyAsync(stream, int.Parse(length, CultureInfo.InvariantCulture));
        }

        var body = new MemoryStream();
        while (Header(head, "transfer-encoding") is not null)
        {
            var line = new StringBuilder();
            await ReadUntilAsync(stream, line, "\r\n");
            var size = int.Parse(line.ToString().Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var chunk = await ReadExactlyAsync(stream, size + 2);
            body.Write(chunk, 0, size);
            if (size == 0)
            {
                break;
            }
        }

        return body.ToArray();
    }

    private static async Task<byte[]> ReadExactlyAsync(NetworkStream stream, int length)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    /// <summary>Byte by byte: short, and a head is small.</summary>
    private static async Task<bool> ReadUntilAsync(NetworkStream stream, StringBuilder text, string end)
    {
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            text.Append((char)one[0]);
            if (one[0] == (byte)'\n' && text.ToString().EndsWith(end, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Header(string head, string name)
        => head.Split("\r\n").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
