using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Stormly.Deploy;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process;
using Stormly.Deploy.Process.Ports;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets plugins run as local processes.</summary>
public static class ProcessDeploymentBuilderExtensions
{
    /// <summary>Runs instances as local processes, which end with the host application. A backend that was chosen before stays the chosen one.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseProcesses(this IPluginDeploymentBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return Add(builder);
    }

    /// <summary>Runs instances as local processes, with options set in code.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseProcesses(this IPluginDeploymentBuilder builder, Action<ProcessHostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return Add(builder);
    }

    /// <summary>Runs instances as local processes, with options from configuration.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The section that holds <see cref="ProcessHostOptions"/>, e.g. <c>PluginDeployment:Process</c>.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseProcesses(this IPluginDeploymentBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Services.Configure<ProcessHostOptions>(configuration);
        return Add(builder).WarnOfUnknownSettings(configuration, SettingNames.Of<ProcessHostOptions>().With<PortOptions>(nameof(ProcessHostOptions.Ports)));
    }

    private static IPluginDeploymentBuilder Add(IPluginDeploymentBuilder builder)
    {
        builder.Services.AddOptions<ProcessHostOptions>().ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProcessHostOptions>, ProcessHostOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IInstanceHost, ProcessInstanceHost>();
        return builder;
    }
}
