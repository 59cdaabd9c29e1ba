using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy;

/// <content>Instances of an earlier run of the host application.</content>
internal sealed partial class PluginDeployments
{
    /// <summary>Before any controller hears what is to serve: so it counts what runs already, and starts only what is missing.</summary>
    private async Task HandOverAsync(DeploymentFleet fleet, List<(DeploymentController Controller, PluginRegistration? Registration)> all)
    {
        foreach (var (controller, _) in all)
        {
            foreach (var survivor in fleet.Survivors.Where(s => s.Revision.Plugin == controller.Plugin))
            {
                var revision = SourceReader.MakeRunnable(survivor.Revision, starter.Options.Requests, starter.Features, null);
                if (!await controller.AdoptAsync(survivor, revision).ConfigureAwait(false) && starter.Options.WhenHostEnds == HostEndAction.KeepPlugins)
                {
                    // The host application had no time to wait for this: nobody takes the instance any more, and the end of the backend would end it.
                    await survivor.Instance.LetGoAsync().ConfigureAwait(false);
                }
            }
        }
    }
}
