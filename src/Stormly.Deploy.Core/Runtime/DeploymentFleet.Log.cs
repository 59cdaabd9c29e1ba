using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>Log events 1110 to 1119.</content>
internal sealed partial class DeploymentFleet
{
    [LoggerMessage(1110, LogLevel.Information, "A leftover of an earlier run, {Instance}: {Detail}")]
    private static partial void LogRecovered(ILogger logger, InstanceId instance, string detail);

    [LoggerMessage(1111, LogLevel.Warning, "Stored state cannot be used: {Note}")]
    private static partial void LogUnreadable(ILogger logger, string note);
}
