using System.Collections.Immutable;
using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Following;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <summary>The facade: checks and stores what comes in, hands it to the controllers, and brings stored and registered plugins back at the start.</summary>
internal sealed partial class PluginDeployments(FleetStarter starter, IEnumerable<PluginRegistration> registrations) : IPluginDeployments, IAsyncDisposable
{
    private readonly PluginGates _gates = new();
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private Task<DeploymentFleet>? _fleet;
    private Task _takenOver = Task.CompletedTask;
    private Task _registered = Task.CompletedTask;
    private bool _ended;

    public async Task<DeploymentSnapshot> DeployAsync(PluginSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var fleet = await EnsureBackendAsync(cancellationToken).ConfigureAwait(false);
        Task<DeploymentSnapshot> call;
        using (await _gates.EnterAsync(source.Name, cancellationToken).ConfigureAwait(false))
        {
            var prepared = await PrepareAsync(fleet, source, cancellationToken).ConfigureAwait(false);
            await using var room = prepared.ConfigureAwait(false);
            var (goal, revision, _) = prepared;
            var controller = fleet.GetOrAdd(source.Name);
            controller.Add(revision);
            Remember(controller, SourceMemory.Of(source, FleetSize.Of(goal)));
            Follow(fleet, controller, source.Mark, FollowConclusion.InStep(goal.Revision));
            call = controller.DeployAsync(goal);
        }

        return await WaitAsync(call, cancellationToken).ConfigureAwait(false);
    }

    public async Task<DeploymentSnapshot> RollbackAsync(string plugin, string? to = null, CancellationToken cancellationToken = default)
    {
        var fleet = await EnsureBackendAsync(cancellationToken).ConfigureAwait(false);
        var name = PluginName.Parse(plugin);
        Task<DeploymentSnapshot> call;
        using (await _gates.EnterAsync(name, cancellationToken).ConfigureAwait(false))
        {
            var controller = fleet.Find(plugin) ?? throw new PluginDeploymentException($"There is no deployment of plugin '{plugin}'.");
            var now = controller.Snapshot;
            var id = RollbackChoice.Find(name, now.Revisions, now.WantedRevision, to);
            var stored = await Task.Run(() => fleet.Services.Revisions.Take(name, id), cancellationToken).ConfigureAwait(false);
            var goal = await Placement.CheckAsync(fleet.Services.Host, name, stored.Spec, id, SizeOf(name, controller.Goal), cancellationToken).ConfigureAwait(false);
            controller.Add(SourceReader.MakeRunnable(stored, starter.Options.Requests, starter.Features, null));
            call = controller.RollbackAsync(goal with { Runtime = stored.RuntimeDigest });
        }

        return await WaitAsync(call, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> RemoveAsync(string plugin, CancellationToken cancellationToken = default)
    {
        var fleet = await EnsureBackendAsync(cancellationToken).ConfigureAwait(false);
        return await RemoveAsync(fleet, PluginName.Parse(plugin)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public DeploymentSnapshot? Get(string plugin) => Started?.Find(plugin)?.Snapshot;

    public ImmutableArray<DeploymentSnapshot> List() => Started is { } fleet ? [.. fleet.All.Select(c => c.Snapshot)] : [];

    public async IAsyncEnumerable<DeploymentSnapshot> WatchAsync(
        string plugin, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var fleet = await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var snapshot in fleet.Watchers.WatchAsync(plugin, () => fleet.Find(plugin)?.Snapshot, cancellationToken).ConfigureAwait(false))
        {
            yield return snapshot;
        }
    }

    /// <summary>The fleet, where it has started.</summary>
    public DeploymentFleet? Started => Volatile.Read(ref _fleet) is { IsCompletedSuccessfully: true } fleet ? fleet.Result : null;

    private async Task<bool> RemoveAsync(DeploymentFleet fleet, PluginName plugin)
    {
        using (await _gates.EnterAsync(plugin, CancellationToken.None).ConfigureAwait(false))
        {
            if (fleet.Find(plugin.Value) is not { } controller)
            {
                return false;
            }

            await controller.RemoveAsync().ConfigureAwait(false);
            fleet.Forget(controller);
            fleet.Services.Learning?.Forget(plugin);
            fleet.Services.Examples?.Spec.Book.Forget(plugin);
            _sources.TryRemove(plugin, out _);
            _ = Unfollow(plugin);
            return true;
        }
    }

    /// <summary>Everything that can be refused is refused here, before a controller hears of it.</summary>
    private async Task<PreparedDeploy> PrepareAsync(DeploymentFleet fleet, PluginSource source, CancellationToken cancellationToken)
    {
        var content = await SourceReader.ReadAsync(source, cancellationToken).ConfigureAwait(false);
        var wanted = SizeOf(source.Name, fleet.Find(source.Name.Value)?.Goal).With(source);
        var room = fleet.ClaimRoom(source.Name, wanted.Least, wanted.MemoryBytes);
        try
        {
            var nobody = new RevisionId("");
            var goal = await Placement.CheckAsync(fleet.Services.Host, source.Name, content.Spec, nobody, wanted, cancellationToken).ConfigureAwait(false);
            var stored = await Task.Run(() => fleet.Services.Revisions.Save(content, cancellationToken), cancellationToken).ConfigureAwait(false);
            var runnable = SourceReader.MakeRunnable(stored, starter.Options.Requests, starter.Features, source.Manifest);
            return new PreparedDeploy(goal with { Revision = stored.Id, Runtime = stored.RuntimeDigest }, runnable, room);
        }
        catch
        {
            await room.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<DeploymentSnapshot> WaitAsync(Task<DeploymentSnapshot> call, CancellationToken cancellationToken)
    {
        // Where the caller gives up, the call's own end is nobody's any more; looking at its error keeps it from being reported as forgotten.
        _ = call.ContinueWith(static c => c.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return await call.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
