namespace Stormly.Deploy.Statistics;

/// <summary>What a sketch holds, to be kept or handed to another one.</summary>
internal sealed record SketchState
{
    /// <summary>How many values were counted.</summary>
    public long Total { get; init; }

    /// <summary>The greatest count that a value may have which is not among <see cref="Values"/>.</summary>
    public long Floor { get; init; }

    public required IReadOnlyList<CountedValue> Values { get; init; }

    /// <summary>By how much a rank may be wrong.</summary>
    public long RankError { get; init; }

    /// <summary>The numbers of each level.</summary>
    public required IReadOnlyList<double[]> Levels { get; init; }

    public ulong Callers { get; init; }
}
