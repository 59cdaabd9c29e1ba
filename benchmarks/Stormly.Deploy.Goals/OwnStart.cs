using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.Goals;

/// <summary>How long a plugin takes from its command to its first answer, with nothing of ours around it.</summary>
internal static class OwnStart
{
    /// <summary>Starts the command again and again.</summary>
    /// <param name="command">The shell command with <c>{0}</c> for the port.</param>
    /// <param name="count">How often.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Figures> MeasureAsync(string command, int count, CancellationToken cancellationToken)
    {
        var figures = new Figures("the plugin's own start");
        using var http = new HttpClient();
        for (var number = 0; number < count; number++)
        {
            var port = FreePort();
            var line = "exec env " + string.Format(CultureInfo.InvariantCulture, command, port);
            var began = Stopwatch.GetTimestamp();
            using var process = OsProcess.Start(new ProcessStartInfo("/bin/sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            while (!await AnswersAsync(http, port, cancellationToken))
            {
                await Task.Delay(1, cancellationToken);
            }

            figures.Add(Stopwatch.GetElapsedTime(began));
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(cancellationToken);
        }

        return figures;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.PostAsync($"http://127.0.0.1:{port}/status_check", new StringContent("{}"), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
