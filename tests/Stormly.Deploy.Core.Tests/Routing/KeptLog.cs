using Microsoft.Extensions.Logging;

namespace Stormly.Deploy.Routing;

/// <summary>A logger that keeps what it is told.</summary>
internal sealed class KeptLog<T> : ILogger<T>
{
    public List<(LogLevel Level, int Id, string Text)> Events { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Events)
        {
            Events.Add((logLevel, eventId.Id, formatter(state, exception)));
        }
    }
}
