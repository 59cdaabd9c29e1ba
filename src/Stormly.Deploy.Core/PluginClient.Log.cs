using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;

namespace Stormly.Deploy;

internal sealed partial class PluginClient
{
    [LoggerMessage(1200, LogLevel.Warning, "Plugin '{plugin}', instance '{instance}': a request failed: {detail} Trace id {traceId}. Its answer began with: {body}")]
    private static partial void LogFailure(ILogger logger, PluginName plugin, InstanceId instance, string detail, string traceId, string body);

    [LoggerMessage(1201, LogLevel.Information, "Plugin '{plugin}', instance '{instance}': {detail}; nothing was sent, so another instance is tried. Trace id {traceId}.")]
    private static partial void LogRetry(ILogger logger, PluginName plugin, InstanceId instance, string detail, string traceId);
}
