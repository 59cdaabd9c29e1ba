using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>Instances of an earlier run of the host application.</content>
internal sealed partial class PluginDeployments
{
    /// <summary>Before the controller hears what is to serve: so it counts what runs already, and starts only what is missing.</summary>
    private async Task HandOverAsync(DeploymentFleet fleet, DeploymentController controller)
    {
        foreach (var survivor in fleet.Survivors.Where(s => s.Revision.Plugin == controller.Plugin))
        {
            await controller.AdoptAsync(survivor, SourceReader.MakeRunnable(survivor.Revision, starter.Options.Requests, starter.Features, null)).ConfigureAwait(false);
        }
    }
}
