using Microsoft.Extensions.DependencyInjection.Extensions;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Testing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets plugins run in memory, for tests.</summary>
public static class InMemoryDeploymentBuilderExtensions
{
    /// <summary>
    /// Runs instances in memory, by the container's clock, and nothing goes wrong. It takes the place of any backend that was chosen before: call
    /// <c>services.AddPluginDeployment().UseInMemory()</c> after the application's own code. Tests find the backend as <see cref="InMemoryInstanceHost"/> in the container.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseInMemory(this IPluginDeploymentBuilder builder) => builder.UseInMemory(static _ => { });

    /// <summary>Runs instances in memory, by the container's clock. It takes the place of any backend that was chosen before.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Says what instances do and what goes wrong.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseInMemory(this IPluginDeploymentBuilder builder, Action<InMemoryInstanceHost> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Replace(ServiceDescriptor.Singleton(provider =>
        {
            var host = new InMemoryInstanceHost(provider.GetRequiredService<TimeProvider>());
            configure(host);
            return host;
        }));
        return Use(builder);
    }

    /// <summary>
    /// Runs instances in memory on a backend of the test's own: for clocks that are played, which then are the container's clock as well, and for machines that
    /// outlive a host application. It takes the place of any backend that was chosen before.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="host">The backend. Disposing of it is up to the test.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseInMemory(this IPluginDeploymentBuilder builder, InMemoryInstanceHost host)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(host);
        builder.Services.Replace(ServiceDescriptor.Singleton(host));
        if (host.Time != TimeProvider.System)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(host.Time));
        }

        return Use(builder);
    }

    private static IPluginDeploymentBuilder Use(IPluginDeploymentBuilder builder)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton<IInstanceHost>(static p => p.GetRequiredService<InMemoryInstanceHost>()));
        builder.Services.Replace(ServiceDescriptor.Singleton<IInstanceCaller>(static p => p.GetRequiredService<InMemoryInstanceHost>().Machine.Caller));
        return builder;
    }
}
