namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds to plugin deployment: a backend, plugins, providers. Everything it offers is an extension method.</summary>
public interface IPluginDeploymentBuilder
{
    /// <summary>The services of the host application.</summary>
    IServiceCollection Services { get; }
}
