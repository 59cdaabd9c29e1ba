using System.Collections.Immutable;

namespace Stormly.Deploy.Model;

/// <summary>What came of a replay.</summary>
public sealed record ReplayReport
{
    /// <summary>The plugin whose deployment was recorded.</summary>
    public required PluginName Plugin { get; init; }

    /// <summary>When the recording was begun.</summary>
    public required DateTimeOffset Begun { get; init; }

    /// <summary>The version of the library that recorded it.</summary>
    public required string Library { get; init; }

    /// <summary>How many events were replayed: all, or up to the one that was decided otherwise.</summary>
    public required int Events { get; init; }

    /// <summary>What was decided now, by the recorded clock, numbered from 1.</summary>
    public required ImmutableArray<DecisionRecord> Decisions { get; init; }

    /// <summary>The first event after which something else was decided than recorded; null where everything agrees.</summary>
    public ReplayDifference? Difference { get; init; }

    /// <summary>Why the recording ends where it does.</summary>
    public required string Ended { get; init; }

    /// <summary>Whether every decision is as recorded.</summary>
    public bool Agrees => Difference is null;
}
