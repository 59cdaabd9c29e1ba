using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Simulation;
using Stormly.Deploy.Storage;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Runtime;

/// <summary>The whole control plane on an in-memory backend, a played clock, and a real state folder of its own.</summary>
internal sealed partial class DeploymentBench : IAsyncDisposable
{
    /// <summary>How long a run takes to end at most.</summary>
    private static readonly TimeSpan WithinAtEnd = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-runtime-");
    private readonly List<ServiceProvider> _runs = [];
    private readonly InMemoryMachine _machine = new();
    private readonly FakeLoggerProvider _log = new();

    public DeploymentBench()
    {
        Directory.CreateDirectory(Plugin);
        File.WriteAllText(Path.Combine(Plugin, "server.py"), "print('hello')");
    }

    public FakeTimeProvider Clock { get; private set; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public InMemoryInstanceHost Host { get; private set; } = null!;

    /// <summary>Tells of a change in a folder only where the test says so. Folders are followed only where the test's options say so.</summary>
    public HandWatcher Watcher { get; } = new();

    public string State => Path.Combine(_home.FullName, "state");

    public string Plugin => Path.Combine(_home.FullName, "plugin");

    public ServiceProvider Services => _runs[^1];

    public IPluginDeployments Deployments => Services.GetRequiredService<IPluginDeployments>();

    public RouteTable Routes => Services.GetRequiredService<RouteTable>();

    /// <summary>Begins a run of the host application on the same state folder.</summary>
    public DeploymentBench Run(Action<PluginDeploymentOptions>? configure = null, Action<IPluginDeploymentBuilder>? build = null)
    {
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        Host = new InMemoryInstanceHost(Clock, _machine);
        var services = new ServiceCollection();
        services.AddSingleton<IFolderWatcher>(Watcher);
        services.AddLogging(b => b.AddProvider(_log).SetMinimumLevel(LogLevel.Warning));
        var builder = services.AddPluginDeployment(options =>
        {
            options.StateFolder = State;
            options.Follow.Enabled = false;
            configure?.Invoke(options);
        }).UseInMemory(Host);
        services.AddPlainLogs();
        build?.Invoke(builder);
        _runs.Add(services.BuildServiceProvider());
        return this;
    }

    /// <summary>The results and the manifest of a small plugin; <paramref name="version"/> makes revisions differ.</summary>
    public PluginSource Source(int version = 1, int? instances = null, string command = "serve") => new()
    {
        Name = PluginName.Parse("churn"),
        Folder = Plugin,
        Results = [new StageFile("initial", "results.json", Encoding.UTF8.GetBytes(Result(version, command)))],
        Manifest = _ => new(Encoding.UTF8.GetBytes(Manifest)),
        Instances = instances,
    };

    public string Manifest { get; set; } = """{"stage": "initial", "downloadUrls": {"initial": "https://x/1"}, "metadata": {"features": {}}}""";

    /// <summary>Lets the played clock run until something has come true.</summary>
    public async Task UntilAsync(Func<bool> condition, string what, TimeSpan? step = null, TimeSpan? within = null)
    {
        const int MostSteps = 20_000;
        var by = step ?? TimeSpan.FromMilliseconds(50);
        try
        {
            await Clock.PlayUntilAsync(condition, what, by, within ?? by * MostSteps, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message} {Describe()}", error);
        }
    }

    public async Task<T> PlayAsync<T>(Task<T> task, TimeSpan? step = null)
    {
        await UntilAsync(() => task.IsCompleted, "the end of a call", step);
        return await task;
    }

    public Task<DeploymentSnapshot> DeployAsync(PluginSource source, TimeSpan? step = null)
        => PlayAsync(Deployments.DeployAsync(source, TestContext.Current.CancellationToken), step);

    /// <summary>Lets the played clock run for a while, in steps that the control plane can follow.</summary>
    public Task PassAsync(TimeSpan time, TimeSpan? step = null) => Clock.PassAsync(time, step, TestContext.Current.CancellationToken);

    /// <summary>The warnings and errors of all runs so far.</summary>
    public IEnumerable<string> Warnings => _log.Collector.GetSnapshot().Select(static r => r.Message);

    public DeploymentSnapshot Snapshot => Deployments.Get("churn") ?? throw new InvalidOperationException("There is no deployment.");

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs)
        {
            var end = run.DisposeAsync().AsTask();
            await Clock.PlayUntilAsync(() => end.IsCompleted, "the end of a run", TimeSpan.FromSeconds(1), WithinAtEnd);
            await end;
        }

        _home.Delete(recursive: true);
    }

    private string Describe() => Deployments.Get("churn") is { } now
        ? $"{now.Phase}: {now.Reason}{Environment.NewLine}{string.Join(Environment.NewLine, now.Decisions.Select(d => $"{d.What} ({d.Why})"))}"
        : "";

    private static string Result(int version, string command)
        => $$$"""{"data": [], "http": {"port": 5000, "statusPath": "/status", "requestPath": "/predict", "startServerCmd": "{{{command}}}", "options": {"version": {{{version}}} } } }""";
}
