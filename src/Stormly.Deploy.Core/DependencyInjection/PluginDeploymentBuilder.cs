using Microsoft.Extensions.DependencyInjection;

namespace Stormly.Deploy.DependencyInjection;

internal sealed class PluginDeploymentBuilder(IServiceCollection services) : IPluginDeploymentBuilder
{
    public IServiceCollection Services { get; } = services;
}
