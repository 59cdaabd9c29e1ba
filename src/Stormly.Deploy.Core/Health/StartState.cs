namespace Stormly.Deploy.Health;

/// <summary>What was seen of an instance since its start, until it is ready.</summary>
internal sealed record StartState
{
    /// <summary>When it is given up. Moves when the host application itself was held up.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>How long it has had until then; null for the start deadline.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>When it is asked next.</summary>
    public required TimeSpan NextAt { get; init; }

    /// <summary>The pause after the next question.</summary>
    public required TimeSpan Pause { get; init; }

    /// <summary>How often it was asked.</summary>
    public int Asked { get; init; }

    /// <summary>What the last question brought, in words.</summary>
    public string LastSeen { get; init; } = "it was not asked yet";
}
