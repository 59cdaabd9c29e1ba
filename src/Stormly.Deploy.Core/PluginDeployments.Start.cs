using System.Collections.Immutable;
using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Following;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Stages;
using Stormly.Deploy.Storage;

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
            await fleet.Result.EndAsync(force).ConfigureAwait(false);
            await _registered.ConfigureAwait(false);
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

        _registered = fleet.Absence is null ? await BringUpAllAsync(fleet, all).ConfigureAwait(false) : Task.Run(() => BringUpLaterAsync(fleet, all), CancellationToken.None);
        return fleet;
    }

    /// <summary>Hands over what was taken over, then begins to bring everything up.</summary>
    /// <returns>A task for the end of that.</returns>
    private async Task<Task> BringUpAllAsync(DeploymentFleet fleet, List<(DeploymentController Controller, PluginRegistration? Registration)> all)
    {
        var work = new List<Task>();
        foreach (var (controller, registration) in all)
        {
            await HandOverAsync(fleet, controller).ConfigureAwait(false);

            // Taken before any call can come: a deploy must find what is stored, not be overtaken by it.
            var pass = await _gates.EnterAsync(controller.Plugin, CancellationToken.None).ConfigureAwait(false);
            work.Add(Task.Run(() => KeepBringingUpAsync(fleet, controller, registration, pass), CancellationToken.None));
        }

        return Task.WhenAll(work);
    }

    /// <summary>Brings one deployment up.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="controller">The deployment.</param>
    /// <param name="registration">How the host application's own code names it; null where it does not.</param>
    /// <param name="taken">The plugin's gate where it was entered already; it is left in any case.</param>
    /// <returns>What kept it from coming up where that is the backend's absence: to be tried again. Else null.</returns>
    private async Task<BackendUnavailableException?> BringUpAsync(DeploymentFleet fleet, DeploymentController controller, PluginRegistration? registration, IDisposable? taken)
    {
        using var pass = taken ?? await _gates.EnterAsync(controller.Plugin, CancellationToken.None).ConfigureAwait(false);
        var (stored, problem, absence) = await FindStoredAsync(fleet, controller, registration).ConfigureAwait(false);
        if (absence is not null)
        {
            return absence;
        }

        var mark = registration is null ? null : await Task.Run(() => FolderGlance.Take(registration.Folder).Mark).ConfigureAwait(false);
        FollowConclusion? holds = null;
        try
        {
            if (problem is not null)
            {
                await NoteAsync(controller, "not start the stored revision as it was", problem).ConfigureAwait(false);
            }

            if (registration is null)
            {
                await ComeBackAsync(fleet, controller, stored, problem ?? NothingServed(fleet.Stored[controller.Plugin.Value].Document)).ConfigureAwait(false);
                return null;
            }

            var source = PluginSource.FromFolder(registration.Name.Value, registration.Folder) with
            {
                Instances = stored is null ? registration.Options.Instances : stored.Range is null ? stored.Wanted : null,
                Scale = stored is null ? registration.Options.Scaling : stored.Range,
                MaxRequestsPerInstance = registration.Options.MaxRequestsPerInstance,
                MemoryBytes = registration.Options.MemoryBytes,
                Environment = registration.Options.Environment.ToImmutableDictionary(StringComparer.Ordinal),
            };
            var (goal, revision) = await PrepareAsync(fleet, source, _end.Token).ConfigureAwait(false);
            controller.Add(revision);
            holds = FollowConclusion.InStep(goal.Revision);
            var (rollout, held) = await FindRolloutAsync(fleet, controller, goal).ConfigureAwait(false);
            if (rollout is not null)
            {
                await TakeUpAsync(fleet, controller, stored, rollout).ConfigureAwait(false);
                return null;
            }

            if (stored is null)
            {
                await NoteLostPauseAsync(fleet, controller).ConfigureAwait(false);
            }

            if (held is not null && stored is null)
            {
                await controller.TellAsync(new DeploymentEvent.Unusable(held)).ConfigureAwait(false);
                holds = FollowConclusion.Held(goal.Revision, held);
                return null;
            }

            if (stored is not null && stored.Revision != goal.Revision && ByItself.WhyNot(controller.Snapshot.Revisions, goal.Revision, StoredCanaryOf(fleet, controller)) is { } why)
            {
                await NoteAsync(controller, $"start the stored revision, not {goal.Revision.Short} of the plugin's folder", why).ConfigureAwait(false);
                await RestoreAsync(fleet, controller, stored).ConfigureAwait(false);
                holds = FollowConclusion.Held(goal.Revision, why);
                return null;
            }

            if (stored is not null)
            {
                await RestoreAsync(fleet, controller, stored, serve: stored.Revision == goal.Revision || controller.HasSurvivors).ConfigureAwait(false);
            }

            if (stored?.Revision != goal.Revision)
            {
                await controller.TellAsync(new DeploymentEvent.DeployWanted(goal, [], KeepTrying: stored is null)).ConfigureAwait(false);
            }
        }
        catch (BackendUnavailableException error) when (stored is null)
        {
            absence = error;
        }
        catch (Exception error) when (error is PluginDeploymentException or OperationCanceledException || StorageException.IsDiskError(error))
        {
            await FallBackAsync(fleet, controller, stored, error).ConfigureAwait(false);
            holds = ProblemOf(error);
        }
        finally
        {
            if (absence is null)
            {
                Follow(fleet, controller, mark, holds);
            }
        }

        return absence;
    }

    private async Task FallBackAsync(DeploymentFleet fleet, DeploymentController controller, FleetGoal? stored, Exception error)
    {
        if (stored is not null)
        {
            await NoteAsync(controller, "start the stored revision instead of what lies in the plugin's folder", error.Message).ConfigureAwait(false);
        }

        await ComeBackAsync(fleet, controller, stored, error.Message).ConfigureAwait(false);
    }

    private static Task<bool> NoteAsync(DeploymentController controller, string what, string why)
        => controller.TellAsync(new DeploymentEvent.Noted(DecisionKind.Recover, controller.Plugin.Value, what, why));

    /// <summary>What was stored, as far as the backend can run it; a number that the code of the host application changed since then wins over the stored one.</summary>
    private async Task<(FleetGoal? Goal, string? Problem, BackendUnavailableException? Absence)> FindStoredAsync(DeploymentFleet fleet, DeploymentController controller, PluginRegistration? registration)
    {
        if (!fleet.Stored.TryGetValue(controller.Plugin.Value, out var stored))
        {
            return (null, null, null);
        }

        if (stored.Problem is not null || stored.Revision is not { } revision)
        {
            return (null, stored.Problem, null);
        }

        var wanted = FleetSize.Of(stored.Document.Serves!, stored.Document.RegisteredRange, registration?.Options);
        try
        {
            var goal = await Placement.CheckAsync(fleet.Services.Host, controller.Plugin, revision.Spec, revision.Id, wanted, _end.Token).ConfigureAwait(false);
            controller.Add(SourceReader.MakeRunnable(revision, starter.Options.Requests, starter.Features, null));
            return (goal with { Runtime = revision.RuntimeDigest }, null, null);
        }
        catch (BackendUnavailableException absence)
        {
            return (null, absence.Message, absence);
        }
        catch (Exception error) when (error is PluginSpecException or OperationCanceledException)
        {
            return (null, error.Message, null);
        }
    }

    private static string NothingServed(DeploymentDocument document)
    {
        var last = document.Revisions.LastOrDefault(r => r.Failure is not null);
        return last is null ? "nothing of it served before the host application ended" : $"nothing of it served before the host application ended; revision {new RevisionId(last.Revision).Short} was given up: {last.Failure}";
    }
}
