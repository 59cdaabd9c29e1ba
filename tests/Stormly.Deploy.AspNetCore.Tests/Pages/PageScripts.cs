using System.Diagnostics;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>The page's scripts as files, and programs that run what stands in files.</summary>
internal sealed class PageScripts : IDisposable
{
    private static readonly string[] Proxies = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

    public PageScripts()
    {
        foreach (var name in typeof(PageAssets).Assembly.GetManifestResourceNames().Where(n => n.StartsWith("pages/", StringComparison.Ordinal)))
        {
            using var from = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
            using var to = File.Create(Path.Combine(Folder, name["pages/".Length..]));
            from.CopyTo(to);
        }

        Write("package.json", "{\"type\":\"module\"}");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("stormly-scripts-").FullName;

    public static string TestFolder => Path.Combine(AppContext.BaseDirectory, "Pages", "Scripts");

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs a program to its end; skips the test where there is none of that name.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(string program, IEnumerable<string> arguments, string input, CancellationToken cancellationToken)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Prepend("/usr/bin").Select(p => Path.Combine(p, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"There is no {program} here.");
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        start.Environment["STORMLY_ASSETS"] = Folder;
        foreach (var proxy in Proxies)
        {
            start.Environment.Remove(proxy);
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
