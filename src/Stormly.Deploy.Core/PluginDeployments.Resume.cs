using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>Rollouts that the end of the host application cut short.</content>
internal sealed partial class PluginDeployments
{
    /// <summary>Brings back what is stored: what served, and what was coming in; where there is neither, the deployment says why.</summary>
    private async Task ComeBackAsync(DeploymentFleet fleet, DeploymentController controller, FleetGoal? stored, string otherwise)
    {
        var (rollout, held) = ((DeploymentEvent.TakenUp?)null, (string?)null);
        try
        {
            (rollout, held) = await FindRolloutAsync(fleet, controller, folder: null).ConfigureAwait(false);
        }
        catch (BackendUnavailableException) when (stored is not null)
        {
            // What served comes back meanwhile; the rollout stays stored for the next start.
        }

        if (rollout is not null)
        {
            await TakeUpAsync(fleet, controller, stored, rollout).ConfigureAwait(false);
            return;
        }

        if (stored is not null)
        {
            await RestoreAsync(fleet, controller, stored).ConfigureAwait(false);
            return;
        }

        await NoteLostPauseAsync(fleet, controller).ConfigureAwait(false);
        await controller.TellAsync(new DeploymentEvent.Unusable(held ?? otherwise)).ConfigureAwait(false);
    }

    /// <summary>A pause holds revisions in their places; where none of them comes back there is nothing that it could hold.</summary>
    private static async Task NoteLostPauseAsync(DeploymentFleet fleet, DeploymentController controller)
    {
        if (fleet.Stored.TryGetValue(controller.Plugin.Value, out var stored) && stored.Document.Paused)
        {
            await NoteAsync(controller, "not hold back rollouts any more", "nothing of what was paused before the host application ended comes back").ConfigureAwait(false);
        }
    }

    private Task<bool> TakeUpAsync(DeploymentFleet fleet, DeploymentController controller, FleetGoal? stored, DeploymentEvent.TakenUp rollout)
        => stored is null ? controller.TellAsync(rollout) : RestoreAsync(fleet, controller, stored, rollout: rollout);

    /// <summary>
    /// What was coming in when the host application ended, to come in again: from its own stored files, whatever has become of the folder that it came from. Where that cannot be,
    /// or would be once too often, the deployment is told that it is held.
    /// </summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="controller">Whose rollout it is.</param>
    /// <param name="folder">What the plugin's folder holds: only that may come in by itself, in the number that is said there; null where the folder counts for nothing.</param>
    /// <returns>The rollout, or why its revision counts as failed; neither where there is none.</returns>
    private async Task<(DeploymentEvent.TakenUp? Rollout, string? Held)> FindRolloutAsync(DeploymentFleet fleet, DeploymentController controller, FleetGoal? folder)
    {
        if (!fleet.Stored.TryGetValue(controller.Plugin.Value, out var stored) || stored.Document is not { Rollout: { } rollout } document || rollout.Id == document.Serves?.Id)
        {
            return (null, null);
        }

        if (folder is not null && folder.Revision != rollout.Id)
        {
            await HoldAsync(controller, rollout.Id, "the plugin's folder holds another revision", failed: false).ConfigureAwait(false);
            return (null, null);
        }

        if (rollout.Resumed > starter.Options.Rollout.Resumes)
        {
            var why = $"the host application died {rollout.Resumed} time(s) while it came in; deploy it by a call to try it once more";
            await HoldAsync(controller, rollout.Id, why, failed: true).ConfigureAwait(false);
            return (null, why);
        }

        try
        {
            var revision = stored.Coming ?? throw new PluginDeploymentException("its files cannot be read any more; deploy it again");
            var size = FleetSize.Of(rollout, null, null);
            var goal = folder ?? await Placement.CheckAsync(fleet.Services.Host, controller.Plugin, revision.Spec, revision.Id, size, _end.Token).ConfigureAwait(false);
            if (folder is null)
            {
                controller.Add(SourceReader.MakeRunnable(revision, starter.Options.Requests, starter.Features, null));
            }

            return (new DeploymentEvent.TakenUp(goal with { Runtime = revision.RuntimeDigest }, rollout.KeepTrying, rollout.Resumed, document.Paused), null);
        }
        catch (PluginDeploymentException error) when (error is not BackendUnavailableException)
        {
            await HoldAsync(controller, rollout.Id, error.Message, failed: false).ConfigureAwait(false);
            return (null, null);
        }
        catch (OperationCanceledException)
        {
            // The host application ends already; what is stored stays for its next start.
            return (null, null);
        }
    }

    /// <summary>Waits until the revisions of the snapshot say so too.</summary>
    private static async Task HoldAsync(DeploymentController controller, RevisionId revision, string why, bool failed)
    {
        await controller.TellAsync(new DeploymentEvent.RolloutHeld(revision, why, failed)).ConfigureAwait(false);
        await controller.CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
