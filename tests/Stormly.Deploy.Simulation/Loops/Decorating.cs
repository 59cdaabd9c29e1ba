using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Stormly.Deploy.Simulation;

/// <summary>Puts something of a test around a service.</summary>
internal static class Decorating
{
    /// <summary>Puts something around what was registered last.</summary>
    /// <typeparam name="T">The service.</typeparam>
    /// <param name="services">The container; the service was given as an instance or by a factory.</param>
    /// <param name="decorate">Makes what comes in its place.</param>
    public static void Decorate<T>(this IServiceCollection services, Func<T, IServiceProvider, T> decorate)
        where T : class
    {
        var before = services.Last(s => s.ServiceType == typeof(T));
        services.Replace(ServiceDescriptor.Singleton(provider => decorate((T)(before.ImplementationInstance ?? before.ImplementationFactory!(provider)), provider)));
    }
}
