namespace Stormly.Deploy.Health;

/// <summary>What the status checks of a ready instance showed lately.</summary>
internal sealed record StatusState
{
    /// <summary>When it is asked next.</summary>
    public required TimeSpan NextAt { get; init; }

    /// <summary>Checks in a row without any answer.</summary>
    public int Misses { get; init; }

    /// <summary>Answers in a row with another code than 200.</summary>
    public int BadAnswers { get; init; }
}
