using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Stormly.Deploy.Simulation;

/// <summary>Hears what the library logs as an error: that is what should not happen, whatever the world does.</summary>
internal sealed class LoopBugs : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _heard = new();

    /// <summary>What was logged so far.</summary>
    public IReadOnlyCollection<string> Heard => _heard;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _heard.Enqueue($"{formatter(state, exception)}: {exception}");
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
