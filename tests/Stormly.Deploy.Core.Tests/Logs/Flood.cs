using System.Diagnostics;
using System.Runtime.Versioning;
using Stormly.Deploy.Logs;

namespace Stormly.Deploy.Core.Tests.Logs;

/// <summary>Runs the writers.</summary>
[SupportedOSPlatform("linux")]
internal static class Flood
{
    private const int BytesPerSecond = 4 << 20;
    private const int TotalBytes = 32_000_000;
    private const string Words = "0123456789012345678901234567890123456789";

    public static async Task<FloodResult[]> RunAllAsync(LogKeeper keeper)
        => await Task.WhenAll(Writers().Where(w => Finds(w.Program)).Select(w => RunAsync(keeper, w.Name, w.Command)));

    private static IEnumerable<(string Name, string Program, string Command)> Writers()
    {
        foreach (var kind in new[] { "logging", "logging-w", "open-a", "open-w", "rotating", "many-rotated", "self-truncate", "deleted" })
        {
            yield return ($"python {kind}", "python3", $"exec python3 \"$WRITERS/logw.py\" {kind} {BytesPerSecond} {TotalBytes}");
        }

        yield return ("shell >", "python3", $"python3 \"$WRITERS/logw.py\" stdout {BytesPerSecond} {TotalBytes} > \"$LOG_FILE\"");
        yield return ("shell >>", "python3", $"python3 \"$WRITERS/logw.py\" stdout {BytesPerSecond} {TotalBytes} >> \"$LOG_FILE\"");
        yield return ("node a", "node", $"exec node \"$WRITERS/logw.js\" a {BytesPerSecond} {TotalBytes}");
        yield return ("node w", "node", $"exec node \"$WRITERS/logw.js\" w {BytesPerSecond} {TotalBytes}");

        // As fast as the machine can, in bursts that the keeper has time for.
        yield return ("yes >", "yes", $"(for i in 1 2 3 4 5 6; do yes {Words} | head -c 4194304; sleep 0.8; done) > \"$LOG_FILE\"");
        yield return ("yes >>", "yes", $"for i in 1 2 3 4 5 6; do yes {Words} | head -c 4194304 >> \"$LOG_FILE\"; sleep 0.8; done");
    }

    private static bool Finds(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<FloodResult> RunAsync(LogKeeper keeper, string writer, string command)
    {
        var log = Path.Combine(Directory.CreateTempSubdirectory("stormly-flood-").FullName, "plugin.log");
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardError = true };
        start.Environment["LOG_FILE"] = log;
        start.Environment["WRITERS"] = Path.Combine(AppContext.BaseDirectory, "Logs", "Writers");
        using var watched = keeper.Watch(log);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        long peak = 0, length = 0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, DiskOf(log, process.Id));
            length = Math.Max(length, NativeFile.Stat(log, follow: false)?.Length ?? 0);
            await Task.Delay(20);
        }

        return new FloodResult(writer, log, Math.Max(peak, DiskOf(log, process.Id)), length, process.ExitCode, await errors);
    }

    // Deleted files count too: that is what the cap is about.
    private static long DiskOf(string log, int pid)
    {
        var files = Directory.GetFiles(Path.GetDirectoryName(log)!).Select(f => NativeFile.Stat(f, follow: false)).OfType<FileFacts>().Sum(f => f.DiskBytes);
        try
        {
            var deleted = Directory.GetFiles($"/proc/{pid}/fd").Select(f => NativeFile.Stat(f, follow: true)).OfType<FileFacts>().Where(f => f is { Kind: FileKind.Regular, Links: 0 });
            return files + deleted.Sum(f => f.DiskBytes);
        }
        catch (IOException)
        {
            return files;
        }
    }
}
