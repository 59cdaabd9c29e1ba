using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>Start and end together with the host application.</content>
internal sealed partial class PluginDeployments
{
    /// <summary>Starts everything once: the state folder is locked, leftovers are swept, then stored and registered plugins come back. Later calls wait for the same start.</summary>
    /// <param name="cancellationToken">Gives up the wait, not the start.</param>
    /// <returns>The fleet.</returns>
    public Task<DeploymentFleet> EnsureStartedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ended && _fleet is null, this);
            _fleet ??= Task.Run(StartAsync, CancellationToken.None);
            return _fleet.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends all instances within drain and grace; the stored state stays. A second call waits for the same end.</summary>
    /// <param name="force">When it is cancelled nothing is waited for any longer.</param>
    /// <returns>A task that completes when no instance is left.</returns>
    public async Task EndAsync(CancellationToken force)
    {
        Task<DeploymentFleet>? fleet;
        lock (_lock)
        {
            _ended = true;
            fleet = _fleet;
        }

        await _end.CancelAsync().ConfigureAwait(false);
        await UnfollowAllAsync(force).ConfigureAwait(false);
        if (fleet is null)
        {
            return;
        }

        await ((Task)fleet).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (fleet.IsCompletedSuccessfully)
        {
            // What the backend has taken over comes into its controllers' hands before these end: they end it, or let it go.
            await _takenOver.WaitAsync(force).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await fleet.Result.EndAsync(force).ConfigureAwait(false);
            await _registered.WaitAsync(force).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await (_registered.IsFaulted ? _registered : Task.CompletedTask).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync(CancellationToken.None).ConfigureAwait(false);

    private async Task<DeploymentFleet> StartAsync()
    {
        var fleet = await starter.StartAsync(registrations.Select(r => r.Name.Value), _end.Token).ConfigureAwait(false);
        var named = registrations.DistinctBy(r => r.Name).ToDictionary(r => r.Name.Value, StringComparer.Ordinal);
        List<(DeploymentController, PluginRegistration?)> all = [];
        foreach (var plugin in fleet.Stored.Keys.Union(named.Keys).Order(StringComparer.Ordinal))
        {
            var controller = fleet.GetOrAdd(PluginName.Parse(plugin));
            var registration = named.GetValueOrDefault(plugin);
            controller.Registered = registration?.Options.Range;
            RememberAtStart(fleet, controller, registration);
            all.Add((controller, registration));
        }

        if (fleet.Absence is null)
        {
            await HandOverAsync(fleet, all).ConfigureAwait(false);
            _registered = await BringUpAllAsync(fleet, all).ConfigureAwait(false);
        }
        else
        {
            var takenOver = Task.Run(() => TakeOverLaterAsync(fleet, all), CancellationToken.None);
            (_takenOver, _registered) = (takenOver, Task.Run(() => BringUpLaterAsync(fleet, all, takenOver), CancellationToken.None));
        }

        return fleet;
    }

    /// <summary>Begins to bring everything up.</summary>
    /// <returns>A task for the end of that.</returns>
    private async Task<Task> BringUpAllAsync(DeploymentFleet fleet, List<(DeploymentController Controller, PluginRegistration? Registration)> all)
    {
        var work = new List<Task>();
        foreach (var (controller, registration) in all)
        {
            // Taken before any call can come: a deploy must find what is stored, not be overtaken by it.
            var pass = await _gates.EnterAsync(controller.Plugin, CancellationToken.None).ConfigureAwait(false);
            work.Add(Task.Run(() => KeepBringingUpAsync(fleet, controller, registration, pass), CancellationToken.None));
        }

        return Task.WhenAll(work);
    }
}
