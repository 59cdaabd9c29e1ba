using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy;

/// <content>Rollouts that stand still until somebody says go on.</content>
internal sealed partial class PluginDeployments
{
    public Task<DeploymentSnapshot> PauseAsync(string plugin, CancellationToken cancellationToken = default)
        => TellAsync(plugin, static ticket => new DeploymentEvent.PauseWanted([ticket]), cancellationToken);

    public Task<DeploymentSnapshot> ResumeAsync(string plugin, CancellationToken cancellationToken = default)
        => TellAsync(plugin, static ticket => new DeploymentEvent.ResumeWanted([ticket]), cancellationToken);

    /// <summary>Brings back what was stored, paused where it was, and what was tried out beside it.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="controller">Whose state it is.</param>
    /// <param name="back">What served, and its canary.</param>
    /// <param name="serve">Whether it is to serve; else another revision takes its place at once, unless rollouts are paused.</param>
    /// <param name="rollout">What comes in again beside it; null where nothing does.</param>
    private static async Task<bool> RestoreAsync(DeploymentFleet fleet, DeploymentController controller, StoredComeback back, bool serve = true, DeploymentEvent.TakenUp? rollout = null)
    {
        var desired = fleet.Stored[controller.Plugin.Value].Document;
        serve = serve || desired.Paused;
        var (canary, problem) = serve ? (back.Canary, back.NoCanary) : (null, "the plugin's folder holds another revision");
        if (desired.Canary is { } lost && canary is null)
        {
            await controller.TellAsync(new DeploymentEvent.Forgone(Pause: false, new RevisionId(lost.Revision), problem!)).ConfigureAwait(false);
        }

        return await controller.TellAsync(new DeploymentEvent.Restored(back.Serves!, serve, desired.Paused, canary, rollout)).ConfigureAwait(false);
    }

    private async Task<(DeploymentEvent.CanaryWanted? Canary, string? Problem)> FindCanaryAsync(DeploymentFleet fleet, DeploymentController controller, DeploymentDocument desired)
    {
        if (desired.Canary is not { } canary)
        {
            return (null, null);
        }

        try
        {
            var revision = fleet.Services.Revisions.Load(controller.Plugin, new RevisionId(canary.Revision));
            var goal = await Placement.CheckAsync(fleet.Services.Host, controller.Plugin, revision.Spec, revision.Id, FleetSize.Of(desired.Serves!, null, null), _end.Token).ConfigureAwait(false);
            controller.Add(SourceReader.MakeRunnable(revision, starter.Options.Requests, starter.Features, null));
            return (new DeploymentEvent.CanaryWanted(goal with { Runtime = revision.RuntimeDigest }, canary.Spec, [], Back: true), null);
        }
        catch (Exception error) when (IsProblem(error))
        {
            return (null, error.Message);
        }
    }

    /// <summary>Tells a deployment what somebody wants, and waits for its answer.</summary>
    private async Task<DeploymentSnapshot> TellAsync(string plugin, Func<long, DeploymentEvent> news, CancellationToken cancellationToken)
    {
        var fleet = await EnsureBackendAsync(cancellationToken).ConfigureAwait(false);
        Task<DeploymentSnapshot> call;
        using (await _gates.EnterAsync(PluginName.Parse(plugin), cancellationToken).ConfigureAwait(false))
        {
            var controller = fleet.Find(plugin) ?? throw new PluginDeploymentException($"There is no deployment of plugin '{plugin}'.");
            call = controller.CallAsync(news);
        }

        return await WaitAsync(call, cancellationToken).ConfigureAwait(false);
    }
}
