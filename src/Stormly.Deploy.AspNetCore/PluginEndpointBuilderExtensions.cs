using Microsoft.Extensions.Configuration;
using Stormly.Deploy;
using Stormly.Deploy.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets how the endpoints of plugins treat their callers.</summary>
public static class PluginEndpointBuilderExtensions
{
    /// <summary>Takes the options of the endpoints from configuration, and warns when the host application starts of names that no setting has. They are checked when endpoints are mapped.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The section that holds <see cref="PluginEndpointOptions"/>, e.g. <c>PluginDeployment:Endpoints</c>.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder ConfigureEndpoints(this IPluginDeploymentBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Services.Configure<PluginEndpointOptions>(configuration);
        return builder.WarnOfUnknownSettings(configuration, SettingNames.Of<PluginEndpointOptions>().With<EndUserOptions>(nameof(PluginEndpointOptions.EndUser)));
    }
}
