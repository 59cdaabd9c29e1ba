using System.Globalization;
using System.Text;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>
/// What the server answers: <c>/status_check</c>, <c>/predict</c> (echoes the body with pid, port and model), <c>/crash?code=</c>, <c>/sleep?ms=</c>, <c>/set-status?code=</c>,
/// <c>/set-status-delay?ms=</c>, <c>/environment</c>, <c>/manifest</c>, <c>/print?mb=</c>, <c>/log?mb=</c>, <c>/raw</c> (sends the request's body back as the whole answer, head included).
/// </summary>
internal sealed class PluginAnswers(PluginOptions options)
{
    private int _badStatusesLeft = options.Number("bad-status-first", 0);
    private int _statusCode = options.Number("status-code", 200);
    private int _statusDelay = options.Number("status-delay", 0);

    public async Task<byte[]> AnswerAsync(PluginRequest request, bool close)
    {
        switch (request.Path)
        {
            case "/status_check":
                await Task.Delay(Volatile.Read(ref _statusDelay));
                return Json(Interlocked.Decrement(ref _badStatusesLeft) >= 0 ? 500 : Volatile.Read(ref _statusCode), "{}", close);
            case "/predict":
                PluginLedger.Note(options.Text("ledger"), options.Text("model"), request.Body);
                await Task.Delay(options.Number("delay", 0));
                return Json(options.Number("request-code", 200), Echo(request), close);
            case "/crash":
                Environment.Exit(request.Asked("code", 3));
                return [];
            case "/sleep":
                await Task.Delay(request.Asked("ms", 100));
                return Json(200, Echo(request), close);
            case "/set-status":
                Volatile.Write(ref _statusCode, request.Asked("code", 200));
                return Json(200, "{}", close);
            case "/set-status-delay":
                Volatile.Write(ref _statusDelay, request.Asked("ms", 0));
                return Json(200, "{}", close);
            case "/environment":
                return Json(200, PluginEnvironment.ToJson(), close);
            case "/manifest":
                return Json(200, await File.ReadAllTextAsync(Environment.GetEnvironmentVariable("MANIFEST_FILE") ?? ""), close);
            case "/print":
                await PrintAsync(request.Asked("mb", 1));
                return Json(200, "{}", close);
            case "/log":
                PluginLog.Write(new string('g', request.Asked("mb", 1) * 1024 * 1024));
                return Json(200, "{}", close);
            case "/raw":
                return request.Body;
            default:
                return Json(404, "{\"error\":\"no such path\"}", close);
        }
    }

    private static async Task PrintAsync(int megabytes)
    {
        var block = new string('p', 1023) + "\n";
        for (var i = 0; i < megabytes * 1024; i++)
        {
            await Console.Out.WriteAsync(block);
        }

        await Console.Out.FlushAsync();
    }

    private string Echo(PluginRequest request)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"pid\":{Environment.ProcessId},\"port\":{options.Port},\"model\":\"{options.Text("model") ?? "first"}\",\"body\":{(request.Body.Length == 0 ? "null" : Encoding.UTF8.GetString(request.Body))}}}");

    private static byte[] Json(int code, string body, bool close)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {code} Dummy\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\nConnection: {(close ? "close" : "keep-alive")}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. bytes];
    }
}
