namespace Stormly.Deploy.Health;

/// <summary>The failures that one line of instances (an instance, its substitute, the substitute's substitute …) has behind it.</summary>
internal sealed record BackOffState
{
    /// <summary>Nothing failed.</summary>
    public static BackOffState None { get; } = new();

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>When the next start is allowed.</summary>
    public TimeSpan NotBefore { get; init; }

    /// <summary>How often a start was repeated on another port since the last that got its own.</summary>
    public int PortAttempts { get; init; }
}
