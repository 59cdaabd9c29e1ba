using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>What came of a request to a plugin. A failure is a value. Dispose it: the body's memory is pooled.</summary>
public sealed class PluginResponse : IDisposable
{
    private readonly CallOutcome? _call;

    internal PluginResponse(PluginOutcome outcome, PluginProblem? problem, CallOutcome? call = null)
    {
        Outcome = outcome;
        Problem = problem;
        _call = call;
    }

    /// <summary>How it ended.</summary>
    public PluginOutcome Outcome { get; }

    /// <summary>The plugin's answer byte for byte, a JSON object or array; empty unless <see cref="Outcome"/> is <see cref="PluginOutcome.Ok"/>, and after disposal.</summary>
    public ReadOnlyMemory<byte> Body => _call?.Body ?? default;

    /// <summary>Why there is no answer; null where there is one.</summary>
    public PluginProblem? Problem { get; }

    /// <summary>When trying again makes sense; null where nobody knows.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>The status code that the plugin answered with; null where it did not answer or was not called.</summary>
    public int? PluginStatusCode { get; internal init; }

    /// <summary>The instance that was called last; null where none was.</summary>
    public InstanceId? Instance { get; internal init; }

    /// <inheritdoc/>
    public void Dispose() => _call?.Dispose();
}
