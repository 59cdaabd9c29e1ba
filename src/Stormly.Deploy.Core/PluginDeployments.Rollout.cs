using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>Rollouts that stand still until somebody says go on.</content>
internal sealed partial class PluginDeployments
{
    public Task<DeploymentSnapshot> PauseAsync(string plugin, CancellationToken cancellationToken = default)
        => TellAsync(plugin, static ticket => new DeploymentEvent.PauseWanted([ticket]), cancellationToken);

    public Task<DeploymentSnapshot> ResumeAsync(string plugin, CancellationToken cancellationToken = default)
        => TellAsync(plugin, static ticket => new DeploymentEvent.ResumeWanted([ticket]), cancellationToken);

    /// <summary>Tells a deployment what somebody wants, and waits for its answer.</summary>
    private async Task<DeploymentSnapshot> TellAsync(string plugin, Func<long, DeploymentEvent> news, CancellationToken cancellationToken)
    {
        var fleet = await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        Task<DeploymentSnapshot> call;
        using (await _gates.EnterAsync(PluginName.Parse(plugin), cancellationToken).ConfigureAwait(false))
        {
            var controller = fleet.Find(plugin) ?? throw new PluginDeploymentException($"There is no deployment of plugin '{plugin}'.");
            call = controller.CallAsync(news);
        }

        return await WaitAsync(call, cancellationToken).ConfigureAwait(false);
    }
}
