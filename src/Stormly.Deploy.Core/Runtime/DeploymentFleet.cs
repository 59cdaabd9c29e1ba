using System.Collections.Concurrent;
using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>All controllers of a host application, from the recovery of the state folder to the end of the last instance.</summary>
internal sealed partial class DeploymentFleet : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, DeploymentController> _controllers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _recalled = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _signalsEnd = new();
    private readonly CancellationTokenSource _force;
    private readonly StateFolder _state;
    private readonly StatisticsLoop? _statistics;
    private readonly ExampleLoop? _examples;
    private readonly Task _signals;
    private readonly Lock _lock = new();
    private Task? _end;

    private DeploymentFleet(StateFolder state, RuntimeServices services, CancellationTokenSource force)
    {
        _state = state;
        Services = services;
        _force = force;
        _sharing = services.Limits.Any ? new FleetSharing(services.Limits, () => All, services.Time) : null;
        _statistics = services.Learning is { } learning ? new StatisticsLoop(learning, services, () => All) : null;
        _examples = services.Examples is { } examples ? new ExampleLoop(examples, () => All, services.Logger) : null;
        _signals = Task.Run(ReadSignalsAsync);
    }

    public RuntimeServices Services { get; }

    public SnapshotHub Watchers { get; } = new();

    /// <summary>What was stored, by plugin.</summary>
    public ImmutableDictionary<string, RecalledDeployment> Stored { get; private set; } = ImmutableDictionary<string, RecalledDeployment>.Empty;

    /// <summary>
    /// Reads what an earlier host application stored, takes over what lives on and is wanted back, and sweeps the rest. Nothing is started yet. Where the backend
    /// cannot be had nothing is taken over or swept: see <see cref="Absence"/>.
    /// </summary>
    /// <param name="state">The locked state folder; belongs to the fleet from now on.</param>
    /// <param name="services">What controllers work with.</param>
    /// <param name="force">The source of <see cref="RuntimeServices.Force"/>.</param>
    /// <param name="named">The plugins that come back whatever is stored.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The fleet.</returns>
    public static async Task<DeploymentFleet> OpenAsync(StateFolder state, RuntimeServices services, CancellationTokenSource force, IEnumerable<string> named, CancellationToken cancellationToken)
    {
        var content = await services.Store.OpenAsync(Opening(state, services), cancellationToken).ConfigureAwait(false);
        try
        {
            var stored = Recall(services, content);
            services.Revisions.RemoveUnfinished();
            var comingBack = named.Union(stored.Where(s => s.Value.Revision is not null || s.Value.Coming is not null).Select(s => s.Key)).ToImmutableHashSet(StringComparer.Ordinal);
            var (survivors, absence) = await TryRecoverAsync(state, services, comingBack, cancellationToken).ConfigureAwait(false);
            stored = absence is null ? await CountRolloutsAsync(services, stored, cancellationToken).ConfigureAwait(false) : stored;
            return new DeploymentFleet(state, services, force) { Stored = stored, ComingBack = comingBack, Survivors = survivors, Absence = absence };
        }
        catch
        {
            await services.Store.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    public DeploymentController? Find(string plugin) => _controllers.GetValueOrDefault(plugin);

    public ImmutableArray<DeploymentController> All => [.. _controllers.Values.OrderBy(c => c.Plugin.Value, StringComparer.Ordinal)];

    /// <summary>The controller of a plugin; a new one where there is none that runs.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <returns>The controller.</returns>
    /// <exception cref="PluginDeploymentException">The host application ends.</exception>
    public DeploymentController GetOrAdd(PluginName plugin)
    {
        lock (_lock)
        {
            if (_end is not null)
            {
                throw new PluginDeploymentException($"Plugin '{plugin}' cannot be deployed: the host application ends.");
            }

            if (_controllers.TryGetValue(plugin.Value, out var there) && !there.Over.IsCompleted)
            {
                return there;
            }

            // A deployment that was removed begins anew.
            var recalled = _recalled.TryAdd(plugin.Value, true) ? Stored.GetValueOrDefault(plugin.Value) : null;
            return _controllers[plugin.Value] = new DeploymentController(plugin, Services, Publish, recalled ?? RecalledDeployment.Nothing);
        }
    }

    /// <summary>Takes a controller out that has ended.</summary>
    /// <param name="controller">The controller.</param>
    public void Forget(DeploymentController controller) => _controllers.TryRemove(new KeyValuePair<string, DeploymentController>(controller.Plugin.Value, controller));

    /// <summary>Ends everything: requests may finish, instances stop within drain and grace. A second call waits for the same end.</summary>
    /// <param name="force">When it is cancelled nothing is waited for any longer.</param>
    /// <returns>A task that completes when no instance is left.</returns>
    public Task EndAsync(CancellationToken force)
    {
        var registration = force.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _force);
        lock (_lock)
        {
            _end ??= Task.Run(EndAllAsync, CancellationToken.None);
        }

        return FinishAsync(_end, registration);
    }

    public async ValueTask DisposeAsync() => await EndAsync(CancellationToken.None).ConfigureAwait(false);

    private static async Task FinishAsync(Task end, CancellationTokenRegistration registration)
    {
        await using (registration.ConfigureAwait(false))
        {
            await end.ConfigureAwait(false);
        }
    }

    /// <summary>Whatever goes wrong in the end of the others, the store is closed and the state folder is free.</summary>
    private async Task EndAllAsync()
    {
        try
        {
            await EndLoopsAsync().ConfigureAwait(false);
        }
        finally
        {
            await CloseStoreAsync().ConfigureAwait(false);
            _state.Dispose();
        }
    }

    private async Task EndLoopsAsync()
    {
        if (_examples is not null)
        {
            await _examples.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(_controllers.Values.Select(c => c.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_statistics is not null)
        {
            await _statistics.DisposeAsync().ConfigureAwait(false);
        }

        await _signalsEnd.CancelAsync().ConfigureAwait(false);
        await _signals.ConfigureAwait(false);
        if (_sharing is not null)
        {
            await _sharing.DisposeAsync().ConfigureAwait(false);
        }

        _signalsEnd.Dispose();
    }

    private void Pass(RouteSignal signal, InstanceId instance, DeploymentController controller)
    {
        if (signal.Kind == RouteSignalKind.ConnectionTrouble)
        {
            controller.TryTell(new DeploymentEvent.Troubled(instance, signal.Detail));
        }
        else if (Services.Routes.Find(signal.Plugin.Value)?.Targets.FirstOrDefault(t => t.Instance == instance) is { } target)
        {
            controller.TryTell(new DeploymentEvent.TrafficFailed(instance, target.ReadTraffic()));
        }
    }

    private async Task ReadSignalsAsync()
    {
        try
        {
            await foreach (var signal in Services.Routes.Signals.ReadAllAsync(_signalsEnd.Token).ConfigureAwait(false))
            {
                if (Find(signal.Plugin.Value) is not { } controller)
                {
                    continue;
                }

                if (signal.Kind == RouteSignalKind.Demand)
                {
                    controller.NoteDemand();
                }
                else if (signal.Instance is { } instance)
                {
                    Pass(signal, instance, controller);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host application ends.
        }
    }
}
