using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>Log events 1100 to 1109.</content>
internal sealed partial class DeploymentController
{
    [LoggerMessage(1100, LogLevel.Information, "{Plugin}: {What} ({Why})")]
    private static partial void LogDecision(ILogger logger, PluginName plugin, string what, string why);

    [LoggerMessage(1101, LogLevel.Warning, "{Plugin}: {What} ({Why})")]
    private static partial void LogTrouble(ILogger logger, PluginName plugin, string what, string why);

    [LoggerMessage(1102, LogLevel.Error, "{Plugin}: an error that should not happen; the deployment goes on")]
    private static partial void LogBug(ILogger logger, PluginName plugin, Exception error);
}
