namespace Stormly.Deploy.Scaling;

/// <summary>What is known at one tick.</summary>
internal readonly record struct ScaleSignals
{
    /// <summary>The mean number of requests, running and waiting, since the last tick.</summary>
    public required double InFlight { get; init; }

    /// <summary>Requests that run or wait right now.</summary>
    public required int Present { get; init; }

    /// <summary>How many instances are wanted so far.</summary>
    public required int Wanted { get; init; }

    /// <summary>How many take requests.</summary>
    public required int Ready { get; init; }

    /// <summary>Why the number must not fall now, in words; null where it may.</summary>
    public string? Held { get; init; }
}
