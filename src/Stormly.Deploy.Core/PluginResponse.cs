using Stormly.Deploy.Model;

namespace Stormly.Deploy;

/// <summary>What came of a request to a plugin. A failure is a value. Dispose it: the body's memory is pooled.</summary>
public sealed class PluginResponse : IDisposable
{
    private readonly IDisposable? _owner;
    private ReadOnlyMemory<byte> _body;

    /// <summary>Makes an answer; for clients that decorate or replace the library's own.</summary>
    /// <param name="body">A JSON object or array.</param>
    /// <param name="owner">Disposed with the response, where the body's memory must be given back; null for nothing.</param>
    public PluginResponse(ReadOnlyMemory<byte> body, IDisposable? owner)
    {
        Outcome = PluginOutcome.Ok;
        PluginStatusCode = 200;
        _body = body;
        _owner = owner;
    }

    /// <summary>Makes a response that is no answer; for clients that decorate or replace the library's own.</summary>
    /// <param name="outcome">How it ended, not <see cref="PluginOutcome.Ok"/>.</param>
    /// <param name="problem">Why.</param>
    public PluginResponse(PluginOutcome outcome, PluginProblem problem)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)outcome, (int)PluginOutcome.Ok);
        ArgumentNullException.ThrowIfNull(problem);
        Outcome = outcome;
        Problem = problem;
    }

    /// <summary>How it ended.</summary>
    public PluginOutcome Outcome { get; }

    /// <summary>The plugin's answer byte for byte, a JSON object or array; empty unless <see cref="Outcome"/> is <see cref="PluginOutcome.Ok"/>, and after disposal.</summary>
    public ReadOnlyMemory<byte> Body => _body;

    /// <summary>Why there is no answer; null where there is one.</summary>
    public PluginProblem? Problem { get; }

    /// <summary>When trying again makes sense; null where nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The status code that the plugin answered with; null where it did not answer or was not called.</summary>
    public int? PluginStatusCode { get; init; }

    /// <summary>The instance that was called last; null where none was.</summary>
    public InstanceId? Instance { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _body = default;
        _owner?.Dispose();
    }
}
