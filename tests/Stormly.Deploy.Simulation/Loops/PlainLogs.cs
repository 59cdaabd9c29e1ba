using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Logs;

namespace Stormly.Deploy.Simulation;

/// <summary>
/// Logs of instances in memory, which no process writes: with the real cap a run on a played clock would do little else than look through the open files of all
/// processes of the machine, once a played second.
/// </summary>
internal static class PlainLogs
{
    /// <summary>Keeps logs within their cap by their length alone.</summary>
    /// <param name="services">The container of a host application in memory.</param>
    public static void AddPlainLogs(this IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton(static s =>
    {
        var options = s.GetRequiredService<IOptions<LogOptions>>();
        return new LogKeeper(s.GetRequiredService<TimeProvider>(), options, s.GetRequiredService<ILogger<LogKeeper>>(), logFile => new PlainLogCap(logFile, options.Value.CapBytes));
    }));
}
