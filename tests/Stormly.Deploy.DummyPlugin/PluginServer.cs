using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>A small HTTP/1.1 server on sockets, so that it is up within a tenth of a second.</summary>
internal sealed class PluginServer
{
    private readonly PluginOptions _options;
    private readonly PluginAnswers _answers;

    private PluginServer(PluginOptions options)
    {
        _options = options;
        _answers = new PluginAnswers(options);
    }

    public static async Task<int> RunAsync(PluginOptions options)
    {
        if (options.Number("start-delay", 0) is > 0 and var delay)
        {
            await Task.Delay(delay);
        }

        using var listener = new TcpListener(IPAddress.Parse(options.Text("host") ?? "0.0.0.0"), options.Port);
        try
        {
            listener.Start(512);
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"cannot listen on port {options.Port}: {e.Message}"));
            return 98;
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"listening on port {options.Port}"));
        PluginLog.Write(string.Create(CultureInfo.InvariantCulture, $"listening on port {options.Port}"));
        if (options.Has("crash-after"))
        {
            _ = CrashLaterAsync(options);
        }

        await new PluginServer(options).AcceptAsync(listener);
        return 0;
    }

    private static async Task CrashLaterAsync(PluginOptions options)
    {
        await Task.Delay(options.Number("crash-after", 0));
        await Console.Error.WriteLineAsync("crashing as told");
        Environment.Exit(options.Number("code", 3));
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync();
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                while (await PluginRequest.ReadAsync(stream) is { } request)
                {
                    if (_options.Has("no-answer"))
                    {
                        await Task.Delay(Timeout.Infinite);
                    }

                    PluginLog.Write($"{request.Method} {request.Path} {Encoding.UTF8.GetString(request.Body)}");
                    var close = request.WantsClose || _options.Has("close");
                    await stream.WriteAsync(await _answers.AnswerAsync(request, close));
                    if (close || request.Path == "/raw")
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                PluginLog.Write("connection lost");
            }
        }
    }
}
