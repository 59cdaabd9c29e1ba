using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.ProcessHostProgram;

/// <summary>
/// A whole host application without a web front, which does as its input says, a line each, and answers each with one line: <c>deploy</c> · <c>wait</c> ·
/// <c>ask</c> · <c>state</c> · <c>shell COMMAND</c> · <c>starve SECONDS</c> · <c>burn SECONDS</c>. It ends with its input. The input is read on a thread of its own.
/// </summary>
internal sealed class Application : IAsyncDisposable
{
    private const string Plugin = "dummy";

    private readonly ServiceProvider _services;
    private readonly string _folder;
    private readonly int _instances;

    public Application(string stateFolder, string folder, int instances, HostEndAction whenHostEnds, string? image)
    {
        (_folder, _instances) = (folder, instances);
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        var plugins = services.AddPluginDeployment(options =>
        {
            options.StateFolder = stateFolder;
            options.WhenHostEnds = whenHostEnds;
            options.Start.Deadline = TimeSpan.FromMinutes(1);
            options.StatusCheck.Interval = TimeSpan.FromMilliseconds(200);
            options.StatusCheck.Timeout = TimeSpan.FromSeconds(2);
            options.StatusCheck.Tolerance = TimeSpan.FromMilliseconds(200);
            options.Stop.Grace = TimeSpan.FromSeconds(2);
        });
        _ = image is null ? plugins.UseProcesses() : plugins.UseDocker(o => (o.Image, o.MemoryBytes) = (image, 128 << 20));
        _services = services.BuildServiceProvider();
    }

    private IPluginDeployments Deployments => _services.GetRequiredService<IPluginDeployments>();

    /// <summary>Obeys until the input ends.</summary>
    public async Task RunAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            Obey();
            told.SetResult();
        }).Start();
        await told.Task;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private void Obey()
    {
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ', 2);
            Console.WriteLine(Do(words[0], words.ElementAtOrDefault(1) ?? "").ReplaceLineEndings(" "));
        }
    }

    private string Do(string verb, string rest)
    {
        switch (verb)
        {
            case "deploy": return DeployAsync().GetAwaiter().GetResult();
            case "wait": return WaitAsync().GetAwaiter().GetResult();
            case "ask": return AskAsync().GetAwaiter().GetResult();
            case "state": return State();
            case "shell": return $"ended with {Shell(rest)}";
            case "starve": return Strain.StarveThreadPool(Seconds(rest));
            case "burn": return Strain.BurnProcessors(Seconds(rest));
            default: return $"unknown: {verb}";
        }
    }

    private async Task<string> DeployAsync()
    {
        try
        {
            await Deployments.DeployAsync(PluginSource.FromFolder(Plugin, _folder) with { Instances = _instances, Follow = false });
            return "deployed";
        }
        catch (PluginDeploymentException error)
        {
            return $"refused: {error.Message}";
        }
    }

    /// <summary>Until the wanted revision serves, and none comes in any more that the death of an earlier run has interrupted.</summary>
    private async Task<string> WaitAsync()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await foreach (var now in Deployments.WatchAsync(Plugin, bound.Token))
        {
            if (now.Phase == DeploymentPhase.Ready && !now.Reason.Contains("is taken up again", StringComparison.Ordinal))
            {
                return "all serve";
            }
        }

        return "removed";
    }

    private async Task<string> AskAsync()
    {
        using var answer = await _services.GetRequiredService<IPluginClient>().SendAsync(Plugin, Encoding.UTF8.GetBytes("""{"props": {}}"""));
        return $"{answer.Outcome} {answer.Problem?.Detail}{Encoding.UTF8.GetString(answer.Body.Span)}";
    }

    private string State() => Deployments.Get(Plugin) is { } now
        ? $"{now.Phase} {now.ReadyInstances} of {now.WantedInstances}; {string.Join(" · ", now.Decisions.Where(d => d.Kind is DecisionKind.Replace or DecisionKind.BackOff or DecisionKind.Rollback).Select(d => $"{d.What} ({d.Why})"))}"
        : "nothing is deployed";

    private static int Shell(string command)
    {
        using var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", command]);
        shell.WaitForExit();
        return shell.ExitCode;
    }

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
