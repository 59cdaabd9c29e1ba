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

    [LoggerMessage(1112, LogLevel.Warning, "The backend cannot be had at the start, and is asked again and again; what was deployed comes back once it answers: {Problem}")]
    private static partial void LogAbsent(ILogger logger, string problem);

    [LoggerMessage(1113, LogLevel.Information, "The backend answers: {Adopted} instances of an earlier run were taken over, and what was deployed is brought up")]
    private static partial void LogReturned(ILogger logger, int adopted);
}
