using Microsoft.Extensions.Hosting;

namespace Stormly.Deploy;

/// <summary>Ties deployments to the life of the host application.</summary>
internal sealed class PluginDeploymentHost(PluginDeployments deployments) : IHostedService
{
    /// <summary>Waits until leftovers are swept, so that a mistake in the state folder or the backend keeps the host application from starting; not until plugins serve.</summary>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>A task.</returns>
    public Task StartAsync(CancellationToken cancellationToken) => deployments.EnsureStartedAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => deployments.EndAsync(cancellationToken);
}
