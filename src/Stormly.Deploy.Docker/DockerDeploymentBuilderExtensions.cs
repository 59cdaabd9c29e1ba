using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Stormly.Deploy;
using Stormly.Deploy.Docker;
using Stormly.Deploy.Hosts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets plugins run as Docker containers.</summary>
public static class DockerDeploymentBuilderExtensions
{
    /// <summary>Runs instances as Docker containers with safe defaults. A backend that was chosen before stays the chosen one.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseDocker(this IPluginDeploymentBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return Add(builder);
    }

    /// <summary>Runs instances as Docker containers, with options set in code.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseDocker(this IPluginDeploymentBuilder builder, Action<DockerHostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return Add(builder);
    }

    /// <summary>Runs instances as Docker containers, with options from configuration.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The section that holds <see cref="DockerHostOptions"/>, e.g. <c>PluginDeployment:Docker</c>.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseDocker(this IPluginDeploymentBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Services.Configure<DockerHostOptions>(configuration);
        return Add(builder).WarnOfUnknownSettings(configuration, SettingNames.Of<DockerHostOptions>()
            .With<DockerPluginOptions>($"{nameof(DockerHostOptions.Plugins)}:*").With<DockerRegistryOptions>($"{nameof(DockerHostOptions.Registries)}:*"));
    }

    private static IPluginDeploymentBuilder Add(IPluginDeploymentBuilder builder)
    {
        builder.Services.AddOptions<DockerHostOptions>().ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DockerHostOptions>, DockerHostOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IInstanceHost, DockerInstanceHost>();
        return builder;
    }
}
