using System.Text.Json.Serialization;

namespace Stormly.Deploy.Storage;

/// <summary><c>statistics/&lt;plugin&gt;.json</c>: what is known of the values of a plugin's features beside its manifest.</summary>
internal sealed record StatisticsFile
{
    public int Version { get; init; } = 1;

    public required string Plugin { get; init; }

    /// <summary>What addresses are mixed with.</summary>
    public required ulong Salt { get; init; }

    public TallyNote? Learned { get; init; }

    public TallyNote? Rows { get; init; }
}

/// <summary>Requests or rows that were counted.</summary>
internal sealed record TallyNote
{
    public required long Samples { get; init; }

    public Dictionary<string, SketchNote>? Features { get; init; }
}

/// <summary>The values of one feature.</summary>
internal sealed record SketchNote
{
    public long Total { get; init; }

    public long Floor { get; init; }

    public ulong Callers { get; init; }

    public List<ValueNote>? Values { get; init; }

    public long RankError { get; init; }

    public List<double[]>? Levels { get; init; }
}

/// <summary>A value and how often it was seen.</summary>
internal sealed record ValueNote
{
    /// <summary>Its JSON text.</summary>
    public required string Json { get; init; }

    public long Count { get; init; }

    public long Least { get; init; }

    public ulong Callers { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(StatisticsFile))]
[JsonSerializable(typeof(ExamplesFile))]
internal sealed partial class StatisticsJson : JsonSerializerContext;
