using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>Rollouts that the end of the host application cut short.</content>
internal sealed partial class PluginDeployments
{
    /// <summary>Brings back what is stored: what served, and what was coming in; where there is neither, the deployment says why.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="controller">The deployment.</param>
    /// <param name="back">What can come back.</param>
    /// <param name="otherwise">Why nothing does where nothing can.</param>
    /// <param name="instead">What is done because of that where something can; null where that needs no word.</param>
    private async Task ComeBackAsync(DeploymentFleet fleet, DeploymentController controller, StoredComeback back, string otherwise, string? instead = null)
    {
        var (rollout, held) = await FindRolloutAsync(fleet, controller, folder: null).ConfigureAwait(false);
        await TellProblemAsync(controller, back).ConfigureAwait(false);
        if (back.Serves is not null && instead is not null)
        {
            await NoteAsync(controller, instead, otherwise, trouble: true).ConfigureAwait(false);
        }

        if (rollout is not null)
        {
            await TakeUpAsync(fleet, controller, back, rollout).ConfigureAwait(false);
            return;
        }

        if (back.Serves is not null)
        {
            await RestoreAsync(fleet, controller, back).ConfigureAwait(false);
            return;
        }

        await ForgoAsync(fleet, controller).ConfigureAwait(false);
        await controller.TellAsync(new DeploymentEvent.Unusable(held ?? otherwise)).ConfigureAwait(false);
    }

    /// <summary>A pause holds revisions in their places, and a canary stands beside what serves; where nothing of that comes back neither can they.</summary>
    private static async Task ForgoAsync(DeploymentFleet fleet, DeploymentController controller)
    {
        if (fleet.Stored.TryGetValue(controller.Plugin.Value, out var stored) && stored.Document is { Paused: true } or { Canary: not null })
        {
            await controller.TellAsync(new DeploymentEvent.Forgone(
                stored.Document.Paused, StoredCanaryOf(fleet, controller), "nothing of what ran before the host application ended comes back")).ConfigureAwait(false);
        }
    }

    private static Task<bool> TakeUpAsync(DeploymentFleet fleet, DeploymentController controller, StoredComeback back, DeploymentEvent.TakenUp rollout)
        => back.Serves is null ? controller.TellAsync(rollout) : RestoreAsync(fleet, controller, back, rollout: rollout);

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
            await HoldAsync(controller, new DeploymentEvent.RolloutHeld(rollout.Id, "the plugin's folder holds another revision", Failed: false)).ConfigureAwait(false);
            return (null, null);
        }

        if (rollout.Resumed > starter.Options.Rollout.Resumes)
        {
            var why = $"the host application died {rollout.Resumed} time(s) while it came in; deploy it by a call to try it once more";
            await HoldAsync(controller, new DeploymentEvent.RolloutHeld(rollout.Id, why, Failed: true, ForGood: document.Serves is null)).ConfigureAwait(false);
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
            await HoldAsync(controller, new DeploymentEvent.RolloutHeld(rollout.Id, error.Message, Failed: false)).ConfigureAwait(false);
            return (null, null);
        }
    }

    /// <summary>Waits until the revisions of the snapshot say so too.</summary>
    private static async Task HoldAsync(DeploymentController controller, DeploymentEvent.RolloutHeld held)
    {
        await controller.TellAsync(held).ConfigureAwait(false);
        await controller.CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
