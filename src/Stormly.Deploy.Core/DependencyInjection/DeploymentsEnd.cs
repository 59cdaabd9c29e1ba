namespace Stormly.Deploy.DependencyInjection;

/// <summary>
/// Ends deployments where a container is disposed of that nobody has stopped. A container disposes of what it made last first; this is made after the backend and
/// whatever else deployments need, so that they end before it does.
/// </summary>
/// <param name="deployments">The deployments.</param>
internal sealed class DeploymentsEnd(PluginDeployments deployments) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => deployments.DisposeAsync();
}
