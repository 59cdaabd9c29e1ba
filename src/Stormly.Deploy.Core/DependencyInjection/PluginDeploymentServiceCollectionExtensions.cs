using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy;
using Stormly.Deploy.DependencyInjection;
using Stormly.Deploy.Features;
using Stormly.Deploy.Logs;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds plugin deployment to a host application.</summary>
public static class PluginDeploymentServiceCollectionExtensions
{
    /// <summary>Adds plugin deployment with options from configuration. Calling it again adds nothing twice.</summary>
    /// <param name="services">The host application's services.</param>
    /// <param name="configuration">The section that holds <see cref="PluginDeploymentOptions"/>.</param>
    /// <returns>The builder that takes a backend and plugins.</returns>
    public static IPluginDeploymentBuilder AddPluginDeployment(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.Configure<PluginDeploymentOptions>(configuration);
        services.AddSingleton(new ConfiguredSettings(configuration, UnknownSettings.Own));
        return Add(services);
    }

    /// <summary>Adds plugin deployment. Calling it again adds nothing twice.</summary>
    /// <param name="services">The host application's services.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The builder that takes a backend and plugins.</returns>
    public static IPluginDeploymentBuilder AddPluginDeployment(this IServiceCollection services, Action<PluginDeploymentOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        return Add(services);
    }

    /// <summary>Adds plugin deployment with the default options. Calling it again adds nothing twice.</summary>
    /// <param name="services">The host application's services.</param>
    /// <returns>The builder that takes a backend and plugins.</returns>
    public static IPluginDeploymentBuilder AddPluginDeployment(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services);
    }

    private static PluginDeploymentBuilder Add(IServiceCollection services)
    {
        services.AddOptions<PluginDeploymentOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PluginDeploymentOptions>, PluginDeploymentOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static s => Options.Options.Create(s.GetRequiredService<IOptions<PluginDeploymentOptions>>().Value.Requests));
        services.TryAddSingleton(static s => Options.Options.Create(s.GetRequiredService<IOptions<PluginDeploymentOptions>>().Value.Routing));
        services.TryAddSingleton(static s => Options.Options.Create(s.GetRequiredService<IOptions<PluginDeploymentOptions>>().Value.Logs));
        services.AddRouting();
        services.TryAddSingleton(static s => new LogKeeper(
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IOptions<LogOptions>>(), s.GetService<ILogger<LogKeeper>>() ?? NullLogger<LogKeeper>.Instance));
        services.TryAddSingleton<DeploymentMetrics>();
        services.TryAddSingleton<IFolderWatcher, SystemFolderWatcher>();
        services.TryAddSingleton<IDeploymentStore>(static s => new FileDeploymentStore(s.GetService<ILoggerFactory>()));
        services.TryAddSingleton<FleetStarter>();
        services.TryAddSingleton<PluginDeployments>();
        services.TryAddSingleton<DeploymentsEnd>();
        services.TryAddSingleton<IPluginDeployments>(static s => s.GetRequiredService<PluginDeployments>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PluginDeploymentHost>());
        services.TryAddSingleton<IPluginClient, PluginClient>();
        services.TryAddSingleton<IPluginDescriptions, PluginDescriptions>();
        services.TryAddSingleton<IPluginStatistics, PluginStatistics>();
        services.TryAddSingleton<IPluginExamples, PluginExamples>();
        services.TryAddSingleton<IFeatureDetection, FeatureDetection>();
        services.TryAddSingleton(static s => s.GetRequiredService<IOptions<PluginDeploymentOptions>>().Value.Features);
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IFeatureDetector, ClockDetector>(), ServiceDescriptor.Singleton<IFeatureDetector, PageDetector>(),
            ServiceDescriptor.Singleton<IFeatureDetector, LanguageDetector>(), ServiceDescriptor.Singleton<IFeatureDetector, UserAgentDetector>(),
        ]);
        services.TryAddSingleton(static s => new FeatureSources(
            s.GetServices<IFeatureDetector>(), s.GetServices<IFeatureProvider>(), s.GetRequiredService<FeatureOptions>(), s.GetRequiredService<TimeProvider>(),
            s.GetService<ILogger<FeatureSources>>() ?? NullLogger<FeatureSources>.Instance, s.GetRequiredService<DeploymentMetrics>().ProviderFailed));
        return new PluginDeploymentBuilder(services);
    }
}
