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

    /// <summary>How many are on their way.</summary>
    public int Starting { get; init; }

    /// <summary>How long the last start took that became ready.</summary>
    public TimeSpan StartTook { get; init; }

    /// <summary>How long an instance takes for an answer; 0 where nobody knows yet.</summary>
    public double ServiceSeconds { get; init; }

    /// <summary>Requests that came each second since the last tick.</summary>
    public double ArrivalsPerSecond { get; init; }

    /// <summary>Why the number must not fall now, in words; null where it may.</summary>
    public string? Held { get; init; }
}
