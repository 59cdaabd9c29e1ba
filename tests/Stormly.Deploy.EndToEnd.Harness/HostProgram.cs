using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Stormly.Deploy.TestSupport;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>The sample's host application as a process of its own, so that it can be killed, interrupted and started again.</summary>
public sealed class HostProgram : IAsyncDisposable
{
    private readonly OsProcess _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _gate = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(3) };

    private HostProgram(OsProcess process, string stateFolder) => (_process, StateFolder) = (process, stateFolder);

    public string StateFolder { get; }

    /// <summary>What it has printed so far, error output included.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return _output.ToString();
            }
        }
    }

    private string Address => Output.Split("answers at ")[1].Split("/plugins")[0];

    /// <summary>Starts it; it serves the plugin of the folder under the name <c>churn</c>.</summary>
    /// <param name="pluginFolder">The plugin.</param>
    /// <param name="stateFolder">Its state folder.</param>
    /// <param name="grace">How long a plugin may take to end by itself; short, as most plugins of these tests do not want to.</param>
    /// <param name="docker">The image that its instances run in; null takes local processes.</param>
    public static HostProgram Start(string pluginFolder, string stateFolder, string grace = "00:00:02", string? docker = null)
    {
        var bin = Path.Combine(new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.FullName, "Stormly.Deploy.Samples.Churn", new DirectoryInfo(AppContext.BaseDirectory).Name);
        // Whoever runs the tests in the background may have had Ctrl+C ignored, for them and all their children.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", Path.Combine(bin, "churn-host"), $"Plugin={pluginFolder}", $"PluginDeployment:StateFolder={stateFolder}", $"PluginDeployment:Stop:Grace={grace}", "Port=0", .. docker is null ? Array.Empty<string>() : [$"Docker={docker}"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PATH"] = Programs.SearchPath;
        var process = new OsProcess { StartInfo = start };
        var program = new HostProgram(process, stateFolder);
        process.OutputDataReceived += (_, line) => program.Append(line.Data);
        process.ErrorDataReceived += (_, line) => program.Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Waits for words in its output.</summary>
    public async Task UntilItSaysAsync(string words, CancellationToken cancellationToken)
    {
        await Waiting.UntilAsync(() => _process.HasExited || Output.Contains(words, StringComparison.Ordinal), $"'{words}' in the output of the host application", cancellationToken);
        if (_process.HasExited)
        {
            // Its last words may still be on their way here.
            await _process.WaitForExitAsync(cancellationToken);
        }

        if (!Output.Contains(words, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The host application ended before it said '{words}':\n{Output}");
        }
    }

    /// <summary>Waits until it serves, and sends one request.</summary>
    public async Task<HttpStatusCode> PostAsync(string body, CancellationToken cancellationToken)
    {
        await UntilItSaysAsync("Ctrl+C stops it", cancellationToken);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync($"{Address}/plugins/churn", content, cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Asks it to deploy what lies in the plugin's folder now.</summary>
    /// <returns>Ends when the new revision serves, or when it was given up.</returns>
    public async Task RedeployAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsync($"{Address}/redeploy", null, cancellationToken);
    }

    /// <summary>kill -9, of this one process and no other.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Ctrl+C.</summary>
    public void PressCtrlC() => PluginProcesses.Interrupt(_process.Id);

    /// <summary>Waits for its end, three minutes at most.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitedAsync(CancellationToken cancellationToken)
    {
        await Waiting.UntilAsync(() => _process.HasExited, "the end of the host application", cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync(CancellationToken.None);
        }

        _process.Dispose();
        _http.Dispose();
        await PluginProcesses.UntilNoneIsLeftAsync(StateFolder, CancellationToken.None);
    }

    private void Append(string? line)
    {
        lock (_gate)
        {
            _output.AppendLine(CultureInfo.InvariantCulture, $"{line}");
        }
    }
}
