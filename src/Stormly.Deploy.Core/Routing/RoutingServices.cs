using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Routing;

/// <summary>What the data plane needs in a container.</summary>
internal static class RoutingServices
{
    /// <summary>Registers the data plane. Calling it twice changes nothing.</summary>
    /// <param name="services">The container's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRouting(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Chance.Shared);
        services.TryAddSingleton<RouteTable>();
        services.TryAddSingleton<RoutingMetrics>();
        services.TryAddSingleton<Router>();
        services.TryAddSingleton<IInstanceCaller, InstanceCaller>();
        return services;
    }
}
