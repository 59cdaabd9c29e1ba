using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Process;

/// <summary>What the backend itself reports.</summary>
internal static partial class ProcessHostLog
{
    [LoggerMessage(2000, LogLevel.Information, "Plugin {Plugin}: instance {Instance} runs as process {Pid} and is to listen on port {Port}")]
    public static partial void Started(ILogger logger, PluginName plugin, InstanceId instance, int pid, int port);

    [LoggerMessage(2003, LogLevel.Information, "Found the record of instance {Instance} of an earlier run: {Detail}")]
    public static partial void Recovered(ILogger logger, InstanceId instance, string detail);

    [LoggerMessage(2005, LogLevel.Information, "Took over instance {Instance} of an earlier run: process {Pid}, port {Port}")]
    public static partial void Adopted(ILogger logger, InstanceId instance, int pid, int port);
}
