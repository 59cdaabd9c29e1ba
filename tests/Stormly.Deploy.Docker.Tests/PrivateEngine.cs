using System.Diagnostics;
using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Stormly.Deploy.TestSupport;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>An engine of a test's own, which it may kill, pause and start again: with its own data, its own network bridge and its own socket.</summary>
internal sealed class PrivateEngine : IAsyncDisposable
{
    private const string Dockerd = "/usr/sbin/dockerd";

    private static int _last = Random.Shared.Next(200);

    private readonly string _folder = Directory.CreateTempSubdirectory("stormly-engine-").FullName;
    private readonly string _bridge;
    private readonly string _subnet;
    private readonly string[] _words;
    private OsProcess? _process;

    private PrivateEngine(string[] words)
    {
        _words = words;
        var number = Interlocked.Increment(ref _last) % 250;
        (_bridge, _subnet) = ($"stormlytest{number}", $"172.31.{number}.1/24");
        Client = new DockerClientBuilder().WithEndpoint(new Uri(Endpoint)).Build();
    }

    public string Endpoint => $"unix://{_folder}/docker.sock";

    public DockerClient Client { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts one that has an image of the tests, or skips the test where that cannot be.</summary>
    /// <param name="image">The image.</param>
    /// <param name="words">Further words of its command line.</param>
    public static async Task<PrivateEngine> StartNewAsync(string image = TestEngine.Tiny, params string[] words)
    {
        await TestEngine.NeedsAsync(image);
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists(Dockerd), $"An engine of the test's own takes root's rights and {Dockerd}.");
        Assert.SkipUnless(await RunAsync("ip", "link", "show") == 0, "An engine of the test's own takes the program 'ip' (iproute2).");
        var engine = new PrivateEngine(words);
        Assert.SkipUnless(await RunAsync("ip", "link", "add", "name", engine._bridge, "type", "bridge") == 0, "This machine makes no network bridge.");
        try
        {
            await RunAsync("ip", "address", "add", engine._subnet, "dev", engine._bridge);
            await RunAsync("ip", "link", "set", engine._bridge, "up");
            await engine.StartAsync();
            await using var saved = await TestEngine.Client.Images.SaveImageAsync(image, Token);
            await engine.Client.Images.LoadImageAsync(new ImageLoadParameters(), saved, new Progress<JSONMessage>(), Token);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async Task StartAsync()
    {
        // The files of a killed engine name processes that are gone: it would wait for them.
        Directory.CreateDirectory($"{_folder}/exec/containerd");
        File.Delete($"{_folder}/docker.pid");
        File.Delete($"{_folder}/exec/containerd/containerd.pid");
        string[] words =
        [
            "--host", Endpoint, "--data-root", $"{_folder}/data", "--exec-root", $"{_folder}/exec", "--pidfile", $"{_folder}/docker.pid", "--bridge", _bridge,
            "--iptables=false", "--ip-masq=false", "--containerd-namespace", _bridge, "--containerd-plugins-namespace", _bridge + "-plugins", .. _words,
        ];
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exec \"$0\" \"$@\" >>\"$LOG\" 2>&1 </dev/null", Dockerd }, Environment = { ["LOG"] = $"{_folder}/log" } };
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        _process = OsProcess.Start(start)!;
        await Waiting.UntilAsync(() => _process.HasExited || Answers(), "the test's own engine to answer", Token);
        Assert.False(_process.HasExited, File.ReadAllText($"{_folder}/log"));
    }

    /// <summary>Ends it politely, as a system's service manager does: it ends its containers first.</summary>
    public Task StopAsync() => EndAsync("TERM");

    /// <summary>Ends it as a crash does: its containers live on without it.</summary>
    public Task KillAsync() => EndAsync("KILL");

    public Task PauseAsync() => SignalAsync("STOP");

    public Task GoOnAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await SignalAsync("CONT");
            await StopAsync();
        }

        Client.Dispose();
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(l => l.Split(' ')[1]).Where(m => m.StartsWith(_folder, StringComparison.Ordinal)).Reverse().ToList())
        {
            await RunAsync("umount", "-l", mount);
        }

        await RunAsync("ip", "link", "delete", _bridge);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<int> RunAsync(string program, params string[] words)
    {
        try
        {
            using var process = OsProcess.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }

    private async Task EndAsync(string signal)
    {
        await SignalAsync(signal);
        await _process!.WaitForExitAsync(Token);
    }

    private Task<int> SignalAsync(string signal) => RunAsync("kill", "-s", signal, _process!.Id.ToString(CultureInfo.InvariantCulture));

    private bool Answers()
    {
        try
        {
            Client.System.PingAsync(Token).GetAwaiter().GetResult();
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
