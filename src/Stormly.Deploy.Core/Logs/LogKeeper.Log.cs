using Microsoft.Extensions.Logging;

namespace Stormly.Deploy.Logs;

internal sealed partial class LogKeeper
{
    [LoggerMessage(1400, LogLevel.Information, "The log {LogFile} took more than half of its cap: {Done}")]
    private static partial void LogCutDone(ILogger logger, string logFile, string done);

    [LoggerMessage(1401, LogLevel.Warning, "The log {LogFile} is out of order: {Problems}")]
    private static partial void LogProblems(ILogger logger, string logFile, string problems);

    [LoggerMessage(1402, LogLevel.Error, "Looking at the log {LogFile} failed; it is tried again")]
    private static partial void LogLookFailed(ILogger logger, string logFile, Exception exception);
}
