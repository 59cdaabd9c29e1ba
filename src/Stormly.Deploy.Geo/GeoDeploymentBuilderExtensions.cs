using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Features;
using Stormly.Deploy.Geo;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what is known of addresses.</summary>
public static class GeoDeploymentBuilderExtensions
{
    /// <summary>Detects country, region, city, time zone and local hour from the end user's address. Calling it again only sets options.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The database in MaxMind's format; a relative path counts from the current directory. It need not be there yet.</param>
    /// <param name="configure">Sets further options.</param>
    /// <returns>The same builder.</returns>
    public static IPluginDeploymentBuilder UseGeoDatabase(this IPluginDeploymentBuilder builder, string path, Action<GeoDatabaseOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var services = builder.Services;
        services.AddOptions<GeoDatabaseOptions>().Configure(o =>
        {
            o.Path = System.IO.Path.GetFullPath(path);
            configure?.Invoke(o);
        }).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GeoDatabaseOptions>, GeoDatabaseOptionsValidator>());
        services.TryAddSingleton(static s => new GeoDatabase(
            s.GetRequiredService<IOptions<GeoDatabaseOptions>>().Value,
            s.GetRequiredService<TimeProvider>(),
            s.GetService<ILogger<GeoDatabase>>() ?? NullLogger<GeoDatabase>.Instance));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFeatureDetector, GeoDetector>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, GeoDatabaseService>());
        return builder;
    }
}
