using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Process;

internal sealed partial class ProcessInstance
{
    [LoggerMessage(2001, LogLevel.Warning, "Plugin {Plugin}: instance {Instance}: {Reason}")]
    private static partial void LogEnded(ILogger logger, PluginName plugin, InstanceId instance, string reason);

    [LoggerMessage(2002, LogLevel.Information, "Plugin {Plugin}: everything of instance {Instance} has ended {How}: {Reason}")]
    private static partial void LogStopped(ILogger logger, PluginName plugin, InstanceId instance, string how, string reason);

    [LoggerMessage(2004, LogLevel.Information, "Plugin {Plugin}: instance {Instance} (process {Pid}) lives on without this host application")]
    private static partial void LogLetGo(ILogger logger, PluginName plugin, InstanceId instance, int pid);
}
