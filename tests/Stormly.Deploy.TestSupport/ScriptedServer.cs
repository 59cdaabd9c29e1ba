using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stormly.Deploy.TestSupport;

/// <summary>
/// A server on a free loopback port that reads one HTTP request per connection and then plays a script in raw bytes: for answers that no real
/// server would give. It keeps what was sent to it, byte for byte.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    /// <summary>What a well-behaved server answers.</summary>
    public const string GoodAnswer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"n\":777}";

    private static readonly ConcurrentBag<Socket> Held = [];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _accepting;
    private int _disposed;

    /// <summary>Starts to listen.</summary>
    /// <param name="script">What to do with each connection once its request has been read.</param>
    public ScriptedServer(Func<Conversation, Task> script)
    {
        Script = script;
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What happens to the next connection.</summary>
    public Func<Conversation, Task> Script { get; set; }

    /// <summary>Every request so far as it was sent, in the order of arrival.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>A server that gives every request the good answer.</summary>
    /// <returns>The server.</returns>
    public static ScriptedServer Good() => new(c => c.SendAsync(GoodAnswer));

    /// <summary>A port where nobody listens, and nobody else can: it stays bound for as long as the tests run.</summary>
    /// <returns>The port.</returns>
    public static int ClosedPort()
    {
        var holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Held.Add(holder);
        return ((IPEndPoint)holder.LocalEndPoint!).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _listener.Stop();
        await _end.CancelAsync();
        await _accepting;
        await Task.WhenAll(_conversations);
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _conversations.Add(TalkAsync(await _listener.AcceptSocketAsync(_end.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task TalkAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            try
            {
                while (await ReadRequestAsync(socket) is { } request)
                {
                    _requests.Enqueue(request);
                    var conversation = new Conversation(socket, request, _end.Token);
                    await Script(conversation);
                    if (!conversation.Keeps)
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The other side went away or the test is over.
            }
        }
    }

    private async Task<string?> ReadRequestAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer, SocketFlags.None, _end.Token);
            if (got == 0)
            {
                return null;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, got));
            var request = text.ToString();
            var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && request.Length >= end + 4 + LengthOf(request[..end]))
            {
                return request;
            }
        }
    }

    private static int LengthOf(string head)
    {
        const string Name = "\r\nContent-Length: ";
        var start = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? 0 : int.Parse(head.AsSpan(start + Name.Length).TrimStart()[..DigitsAt(head, start + Name.Length)], CultureInfo.InvariantCulture);
    }

    private static int DigitsAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - start;
    }

    /// <summary>One connection whose request has been read.</summary>
    /// <param name="Socket">The connection.</param>
    /// <param name="Request">The request as it was sent.</param>
    /// <param name="Ended">Cancelled when the test is over.</param>
    public sealed record Conversation(Socket Socket, string Request, CancellationToken Ended)
    {
        /// <summary>Whether the connection waits for another request when the script is done; otherwise it is closed.</summary>
        public bool Keeps { get; set; }

        /// <summary>Sends text, a character a byte.</summary>
        /// <param name="text">The text.</param>
        /// <returns>A task that completes when it was sent.</returns>
        public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

        /// <summary>Sends bytes.</summary>
        /// <param name="bytes">The bytes.</param>
        /// <returns>A task that completes when they were sent.</returns>
        public async Task SendAsync(byte[] bytes)
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await Socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, Ended);
            }
        }

        /// <summary>Sends the same text again and again until the other side goes away.</summary>
        /// <param name="text">The text.</param>
        /// <returns>A task that fails when the other side went away.</returns>
        public async Task RepeatAsync(string text)
        {
            var bytes = Encoding.Latin1.GetBytes(text);
            while (true)
            {
                await SendAsync(bytes);
            }
        }

        /// <summary>Sends text slowly, a byte each 20 ms.</summary>
        /// <param name="text">The text.</param>
        /// <returns>A task that completes when it was sent.</returns>
        public async Task TrickleAsync(string text)
        {
            foreach (var c in text)
            {
                await SendAsync([(byte)c]);
                await Task.Delay(20, Ended);
            }
        }

        /// <summary>Does nothing until the other side goes away.</summary>
        /// <returns>A task that completes when the other side went away.</returns>
        public async Task StaySilentAsync()
        {
            var buffer = new byte[1024];
            while (await Socket.ReceiveAsync(buffer, SocketFlags.None, Ended) > 0)
            {
                // What else it sends does not matter.
            }
        }

        /// <summary>Makes the coming close a reset.</summary>
        public void ResetOnClose() => Socket.LingerState = new LingerOption(true, 0);
    }
}
