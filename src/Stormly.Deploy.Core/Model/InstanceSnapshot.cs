namespace Stormly.Deploy.Model;

/// <summary>What outsiders see of an instance at one moment.</summary>
public sealed record InstanceSnapshot
{
    /// <summary>Its name.</summary>
    public required InstanceId Id { get; init; }

    /// <summary>The revision that it runs.</summary>
    public required RevisionId Revision { get; init; }

    /// <summary>Where it stands.</summary>
    public required InstancePhase Phase { get; init; }

    /// <summary>Where it listens, for example <c>127.0.0.1:20417</c>; null until the host has started it.</summary>
    public string? Address { get; init; }

    /// <summary>Requests that it is answering now.</summary>
    public int InFlight { get; init; }

    /// <summary>When its start began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it first answered 200; null before.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>Why it is not as it should be, in words; null where all is well.</summary>
    public string? Trouble { get; init; }
}
