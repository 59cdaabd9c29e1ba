namespace Stormly.Deploy;

/// <summary>What is known of a request beside its body.</summary>
public sealed record PluginCallContext
{
    /// <summary>Names the request in log events and problem documents; null where nobody gave it a name.</summary>
    public string? TraceId { get; init; }
}
