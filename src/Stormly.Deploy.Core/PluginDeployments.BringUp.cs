using System.Collections.Immutable;
using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Following;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <content>
/// What comes up with the host application. First everything is found out, and only then is a deployment told anything: where the backend cannot be had in between, all of it is
/// tried again.
/// </content>
internal sealed partial class PluginDeployments
{
    /// <exception cref="BackendUnavailableException">The backend cannot be had; nothing was told.</exception>
    /// <exception cref="OperationCanceledException">The host application ends.</exception>
    private async Task BringUpAsync(DeploymentFleet fleet, DeploymentController controller, PluginRegistration? registration)
    {
        var back = await FindStoredAsync(fleet, controller, registration).ConfigureAwait(false);
        if (registration is null)
        {
            await NoteUnnamedAsync(fleet, controller).ConfigureAwait(false);
            await ComeBackAsync(fleet, controller, back, back.Problem ?? NothingServed(fleet.Stored[controller.Plugin.Value].Document)).ConfigureAwait(false);
            Follow(fleet, controller, null, null);
            return;
        }

        var mark = await Task.Run(() => FolderGlance.Take(registration.Folder).Mark).ConfigureAwait(false);
        FollowConclusion holds;
        try
        {
            holds = await BringUpFromFolderAsync(fleet, controller, registration, back).ConfigureAwait(false);
        }
        catch (Exception error) when (IsProblem(error))
        {
            await ComeBackAsync(fleet, controller, back, error.Message, "start the stored revision instead of what lies in the plugin's folder").ConfigureAwait(false);
            holds = ProblemOf(error);
        }

        Follow(fleet, controller, mark, holds);
    }

    /// <returns>How the deployment stands to the folder.</returns>
    private async Task<FollowConclusion> BringUpFromFolderAsync(DeploymentFleet fleet, DeploymentController controller, PluginRegistration registration, StoredComeback back)
    {
        var stored = back.Serves;
        var source = PluginSource.FromFolder(registration.Name.Value, registration.Folder) with
        {
            Instances = stored is null ? registration.Options.Instances : stored.Range is null ? stored.Wanted : null,
            Scale = stored is null ? registration.Options.Scaling : stored.Range,
            MaxRequestsPerInstance = registration.Options.MaxRequestsPerInstance,
            MemoryBytes = registration.Options.MemoryBytes,
            Environment = registration.Options.Environment.ToImmutableDictionary(StringComparer.Ordinal),
        };
        var prepared = await PrepareAsync(fleet, source, _end.Token).ConfigureAwait(false);
        await using var room = prepared.ConfigureAwait(false);
        var (goal, revision, _) = prepared;
        controller.Add(revision);
        var (rollout, held) = await FindRolloutAsync(fleet, controller, goal).ConfigureAwait(false);
        await TellProblemAsync(controller, back).ConfigureAwait(false);
        if (rollout is not null)
        {
            await TakeUpAsync(fleet, controller, back, rollout).ConfigureAwait(false);
            return FollowConclusion.InStep(goal.Revision);
        }

        if (stored is null)
        {
            await ForgoAsync(fleet, controller).ConfigureAwait(false);
            await controller.TellAsync(held is null ? new DeploymentEvent.DeployWanted(goal, [], KeepTrying: true) : new DeploymentEvent.Unusable(held)).ConfigureAwait(false);
            return held is null ? FollowConclusion.InStep(goal.Revision) : FollowConclusion.Held(goal.Revision, held);
        }

        if (stored.Revision == goal.Revision)
        {
            await RestoreAsync(fleet, controller, back).ConfigureAwait(false);
            return FollowConclusion.InStep(goal.Revision);
        }

        if (ByItself.WhyNot(controller.Snapshot.Revisions, goal.Revision, StoredCanaryOf(fleet, controller)) is { } why)
        {
            await NoteAsync(controller, $"start the stored revision, not {goal.Revision.Short} of the plugin's folder", why).ConfigureAwait(false);
            await RestoreAsync(fleet, controller, back).ConfigureAwait(false);
            return FollowConclusion.Held(goal.Revision, why);
        }

        await RestoreAsync(fleet, controller, back, serve: controller.HasSurvivors).ConfigureAwait(false);
        await controller.TellAsync(new DeploymentEvent.DeployWanted(goal, [], KeepTrying: false)).ConfigureAwait(false);
        return FollowConclusion.InStep(goal.Revision);
    }

    /// <summary>Whether an error speaks of what is to come up. The backend's absence does not, nor does the end of the host application: what is to come up then is still the same.</summary>
    private bool IsProblem(Exception error) => error switch
    {
        BackendUnavailableException => false,
        OperationCanceledException => !_end.IsCancellationRequested,
        _ => error is PluginDeploymentException || StorageException.IsDiskError(error),
    };

    private static Task<bool> NoteAsync(DeploymentController controller, string what, string why, bool trouble = false)
        => controller.TellAsync(new DeploymentEvent.Noted(DecisionKind.Recover, controller.Plugin.Value, what, why, trouble));

    /// <summary>Taking a plugin out of the code takes nothing away; whoever expected that learns it here, once.</summary>
    private static async Task NoteUnnamedAsync(DeploymentFleet fleet, DeploymentController controller)
    {
        if (fleet.Stored[controller.Plugin.Value].Document.RegisteredRange is not null)
        {
            await NoteAsync(controller, "keep the deployment", "the host application's code named the plugin before and does so no more; RemoveAsync takes it away").ConfigureAwait(false);
        }
    }

    private static async Task TellProblemAsync(DeploymentController controller, StoredComeback back)
    {
        if (back.Problem is not null)
        {
            await NoteAsync(controller, "not start the stored revision as it was", back.Problem, trouble: true).ConfigureAwait(false);
        }
    }

    /// <summary>What was stored, as far as the backend can run it; a number that the code of the host application changed since then wins over the stored one.</summary>
    private async Task<StoredComeback> FindStoredAsync(DeploymentFleet fleet, DeploymentController controller, PluginRegistration? registration)
    {
        if (!fleet.Stored.TryGetValue(controller.Plugin.Value, out var stored) || stored.Problem is not null || stored.Revision is not { } revision)
        {
            return new StoredComeback { Problem = stored?.Problem };
        }

        var wanted = FleetSize.Of(stored.Document.Serves!, stored.Document.RegisteredRange, registration?.Options);
        try
        {
            var goal = await Placement.CheckAsync(fleet.Services.Host, controller.Plugin, revision.Spec, revision.Id, wanted, _end.Token).ConfigureAwait(false);
            var (canary, why) = await FindCanaryAsync(fleet, controller, stored.Document).ConfigureAwait(false);
            controller.Add(SourceReader.MakeRunnable(revision, starter.Options.Requests, starter.Features, null));
            return new StoredComeback { Serves = goal with { Runtime = revision.RuntimeDigest }, Canary = canary, NoCanary = why };
        }
        catch (Exception error) when (IsProblem(error))
        {
            return new StoredComeback { Problem = error.Message };
        }
    }

    private static string NothingServed(DeploymentDocument document)
    {
        var last = document.Revisions.LastOrDefault(r => r.Failure is not null);
        return last is null ? "nothing of it served before the host application ended" : $"nothing of it served before the host application ended; revision {new RevisionId(last.Revision).Short} was given up: {last.Failure}";
    }
}
