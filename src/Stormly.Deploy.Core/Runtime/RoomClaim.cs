using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>Room on the machine that is kept for a deployment until its controller knows what it is to have, or it is not deployed after all.</summary>
internal sealed class RoomClaim(DeploymentFleet fleet, PluginName plugin) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        try
        {
            await (fleet.Find(plugin.Value)?.CatchUpAsync(CancellationToken.None) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        finally
        {
            fleet.Unclaim(plugin);
        }
    }
}
