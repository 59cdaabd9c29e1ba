using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A caller that writes its own bytes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawClient> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        return client;
    }

    /// <summary>A whole exchange: the request is sent, the answer read.</summary>
    public static async Task<string> AskAsync(int port, string request, CancellationToken cancellationToken)
    {
        using var client = await ConnectAsync(port, cancellationToken);
        await client.SendAsync(request, cancellationToken);
        return await client.ReadAnswerAsync(cancellationToken);
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await _socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, cancellationToken);
        }
    }

    /// <summary>Reads one answer, or what there is of it when the connection ends.</summary>
    public async Task<string> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        try
        {
            int got;
            while (!IsWhole(text) && (got = await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, got));
            }
        }
        catch (SocketException)
        {
            // A reset after the answer is an end like any other.
        }

        return text.ToString();
    }

    private static bool IsWhole(StringBuilder text)
    {
        const string Length = "\r\nContent-Length: ";
        var answer = text.ToString();
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var length = answer.IndexOf(Length, StringComparison.Ordinal);
        return end >= 0 && length >= 0 && length < end
            && answer.Length >= end + 4 + int.Parse(answer.AsSpan(length + Length.Length, answer.IndexOf('\r', length + 2) - length - Length.Length), CultureInfo.InvariantCulture);
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
