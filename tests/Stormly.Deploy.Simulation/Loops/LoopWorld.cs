using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;
using Stormly.Deploy.Testing;

namespace Stormly.Deploy.Simulation;

/// <summary>
/// One run of a host application after the other: the real loops, router and store on a real disk, on a machine in memory and a played clock. What an earlier run
/// left on disk and machine is what the next one finds.
/// </summary>
internal sealed class LoopWorld : IAsyncDisposable
{
    public const string Plugin = "storm";

    /// <summary>Another plugin, which shares the machine with it.</summary>
    public const string Neighbour = "other";

    /// <summary>How much may be played until a host application has ended: draining and stopping within their bounds.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-loops-");
    private readonly FakeLoggerProvider _log;
    private readonly Chance _chance;
    private readonly HostEndAction _plugins;
    private readonly int? _limit;
    private readonly Action<InMemoryInstance> _fate;
    private readonly Action<IServiceCollection>? _spoil;
    private readonly List<Task> _calls = [];
    private readonly ConcurrentDictionary<RevisionId, int> _versions = new();
    private ServiceProvider _services = null!;

    /// <summary>Makes a world in which a first run has begun.</summary>
    /// <param name="chance">What the library draws from.</param>
    /// <param name="told">Told what the library logs.</param>
    /// <param name="plugins">What becomes of plugins when a run ends.</param>
    /// <param name="limit">How many instances the machine has room for; null for any number.</param>
    /// <param name="fate">Says of each instance how it behaves.</param>
    /// <param name="spoil">Changes the services of each run; null for none.</param>
    public LoopWorld(Chance chance, Action<string> told, HostEndAction plugins, int? limit, Action<InMemoryInstance> fate, Action<IServiceCollection>? spoil)
    {
        (_chance, _plugins, _limit, _fate, _spoil) = (chance, plugins, limit, fate, spoil);
        _log = new FakeLoggerProvider(FakeLogCollector.Create(new FakeLogCollectorOptions { OutputSink = told, OutputFormatter = static r => $"    {r.Message}" }));
        Directory.CreateDirectory(Folder);
        Begin();
    }

    /// <summary>Whether the disk is full just now.</summary>
    public bool DiskIsFull { get; set; }

    /// <summary>Whether the run is ending or has ended, and its container with it.</summary>
    public bool IsOver { get; private set; }

    public InMemoryMachine Machine { get; } = new();

    public InMemoryInstanceHost Host { get; private set; } = null!;

    public StormClock Clock { get; private set; } = null!;

    /// <summary>What the library logs as an error: that is what should not happen, whatever the world does.</summary>
    public IReadOnlyList<FakeLogRecord> Bugs => [.. _log.Collector.GetSnapshot().Where(static r => r.Level >= LogLevel.Error)];

    /// <summary>The calls to this run, and the requests.</summary>
    public IReadOnlyCollection<Task> Calls => _calls;

    /// <summary>That more instances lived than there is room for; null where that never was.</summary>
    public string? TooMany { get; private set; }

    /// <summary>How many instances were started.</summary>
    public int Starts { get; private set; }

    public IPluginDeployments Deployments => _services.GetRequiredService<IPluginDeployments>();

    /// <summary>The plugin's own instances that live.</summary>
    public IReadOnlyList<InMemoryInstance> Living => [.. Machine.Living.Where(static i => i.Spec.Plugin.Value == Plugin)];

    public DeploymentSnapshot? Now => Deployments.Get(Plugin);

    public string State => Path.Combine(_home.FullName, "state");

    private string Folder => Path.Combine(_home.FullName, "plugin");

    /// <summary>A revision of the plugin.</summary>
    /// <param name="version">What tells it from others; stands in the manifest.</param>
    /// <param name="instances">How many; null leaves the number.</param>
    /// <param name="plugin">Of which plugin.</param>
    /// <returns>What to deploy.</returns>
    public PluginSource Source(int version, int? instances = null, string plugin = Plugin) => new()
    {
        Name = PluginName.Parse(plugin),
        Folder = Folder,
        Results = [new StageFile("initial", "results.json", Encoding.UTF8.GetBytes(
            $$$"""{"data": [], "http": {"port": 5000, "statusPath": "/status", "requestPath": "/predict", "startServerCmd": "serve", "options": {"version": {{{version}}}} } }"""))],
        Manifest = static _ => new("""{"stage": "initial", "downloadUrls": {}, "metadata": {"features": {}}}"""u8.ToArray()),
        Instances = instances,
    };

    /// <summary>The version that an instance was started with.</summary>
    /// <param name="instance">The instance.</param>
    /// <returns>What <see cref="Source"/> was given.</returns>
    public static int VersionOf(InMemoryInstance instance)
    {
        const string Before = "\"version\": ";
        var rest = instance.Manifest.AsSpan(instance.Manifest.IndexOf(Before, StringComparison.Ordinal) + Before.Length);
        return int.Parse(rest[..rest.IndexOfAnyExceptInRange('0', '9')], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The version that a revision was made from.</summary>
    /// <param name="revision">The revision.</param>
    /// <returns>The version; null where no instance of it was ever started.</returns>
    public int? VersionOf(RevisionId? revision) => revision is { } id && _versions.TryGetValue(id, out var version) ? version : null;

    /// <summary>Notes a call: whatever comes of it, it must come to an end, at the latest with the run that it was made to.</summary>
    /// <param name="call">The call.</param>
    public void Note(Task call) => _calls.Add(call);

    public Task<PluginResponse> AskAsync() => _services.GetRequiredService<IPluginClient>().SendAsync(Plugin, """{"props": {}}"""u8.ToArray()).AsTask();

    /// <summary>Lets a time pass; a long one in larger steps.</summary>
    /// <param name="time">How long.</param>
    /// <returns>A task.</returns>
    public Task PassAsync(TimeSpan time) => Clock.PassAsync(time, time < TimeSpan.FromSeconds(5) ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(1));

    /// <summary>Lets a time pass at once, and stops in the middle of what follows from it.</summary>
    /// <param name="time">How long.</param>
    /// <param name="pieces">How far what follows may go on.</param>
    /// <returns>A task.</returns>
    public Task BreakOffAsync(TimeSpan time, int pieces)
    {
        Clock.Advance(time);
        return OneThread.GoOnAsync(pieces);
    }

    public async Task UntilAsync(Func<bool> condition, string what, TimeSpan within)
    {
        try
        {
            await Clock.PlayUntilAsync(condition, what, within: within);
        }
        catch (TimeoutException late)
        {
            throw new SimulationFailure($"{late.Message} {Describe()}");
        }
    }

    /// <summary>Ends the run in an orderly way and begins the next.</summary>
    public async Task EndAsync()
    {
        await FinishAsync();
        Begin();
    }

    /// <summary>Kills the run and begins the next.</summary>
    public async Task CrashAsync()
    {
        await DiskImage.CrashAsync(Host, State, FinishAsync);
        Begin();
    }

    /// <summary>Lets the run take over what the one before left, and begin to serve.</summary>
    public async Task StartAsync()
    {
        var start = _services.GetRequiredService<PluginDeployments>().EnsureStartedAsync(CancellationToken.None);
        await UntilAsync(() => start.IsCompleted, "the start of a host application", LongestEnd);
        await start;
    }

    public async ValueTask DisposeAsync()
    {
        if (!IsOver)
        {
            await FinishAsync();
        }

        _home.Delete(recursive: true);
    }

    public string Describe() => Now is { } now
        ? $"{now.Phase}: {now.Reason}; living: {string.Join(", ", Living.Select(i => $"{i.Id} of {VersionOf(i)}"))}{Environment.NewLine}{string.Join(Environment.NewLine, now.Decisions.TakeLast(40).Select(d => $"{d.At:HH:mm:ss.fff} {d.What} ({d.Why})"))}"
        : $"There is no deployment; living: {Living.Count}.";

    private void Begin()
    {
        Clock = Clock?.Next() ?? new StormClock(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), TimeSpan.Zero);
        Host = new InMemoryInstanceHost(Clock, Machine) { OnStart = Give };
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log));
        services.AddSingleton(_chance);
        services.AddPluginDeployment(options =>
        {
            options.StateFolder = State;
            options.Follow.Enabled = false;
            options.WhenHostEnds = _plugins;
            options.Machine.MaxInstances = _limit;
        }).UseInMemory(Host);
        services.AddPlainLogs();
        services.Decorate<IDeploymentStore>((store, _) => new TroubledStore(store, () => DiskIsFull));
        _spoil?.Invoke(services);
        _services = services.BuildServiceProvider();
        IsOver = false;
    }

    private void Give(InMemoryInstance instance)
    {
        _versions[instance.Spec.Revision] = VersionOf(instance);
        TooMany ??= Machine.Living.Count > _limit ? $"{Machine.Living.Count} instances lived on a machine that has room for {_limit}, at {Clock.GetUtcNow():HH:mm:ss.fff}" : null;
        _fate(instance);
    }

    private async Task FinishAsync()
    {
        IsOver = true;
        var describe = Describe();
        var end = _services.DisposeAsync().AsTask();
        try
        {
            await Clock.PlayUntilAsync(() => end.IsCompleted && _calls.All(c => c.IsCompleted), "the end of a host application and of all calls to it", TimeSpan.FromSeconds(1), LongestEnd);
        }
        catch (TimeoutException late)
        {
            throw new SimulationFailure($"{late.Message} Host application ended: {end.IsCompleted}; calls that did not: {_calls.Count(c => !c.IsCompleted)}. Before: {describe}");
        }

        await end;
        await Task.WhenAll(_calls);
        _calls.Clear();
        Starts += Host.Started.Count(i => i.Adoptions == 0);
    }
}
