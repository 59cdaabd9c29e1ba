using System.Collections.Immutable;

namespace Stormly.Deploy.Health;

/// <summary>What the outlier rule remembers of one instance.</summary>
public sealed record OutlierState
{
    /// <summary>An instance of which nothing is known.</summary>
    public static OutlierState Fresh { get; } = new();

    /// <summary>Readings within the window, oldest first; the oldest is what the rate is counted from.</summary>
    public ImmutableList<(TimeSpan At, OutlierReading Reading)> Samples { get; init; } = [];

    /// <summary>How often it was ejected.</summary>
    public int Ejections { get; init; }

    /// <summary>When the present ejection ends; null while it is in.</summary>
    public TimeSpan? EjectedUntil { get; init; }

    /// <summary>When its last ejection ended; null where it never was ejected.</summary>
    public TimeSpan? ReturnedAt { get; init; }

    /// <summary>Since when it would have been ejected but for being the last one that takes requests; null where it would not.</summary>
    public TimeSpan? FaultySince { get; init; }
}
