using System.Text.Json.Serialization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary><c>revision.json</c>: what of a revision is in no other file.</summary>
internal sealed record RevisionFile
{
    public int Version { get; init; } = 1;

    public required string RuntimeDigest { get; init; }

    public Dictionary<string, string> Environment { get; init; } = [];
}

/// <summary><c>deployments/&lt;plugin&gt;.json</c>: what should serve after a start of the host application.</summary>
internal sealed record DesiredState
{
    public int Version { get; init; } = 1;

    public required string Plugin { get; init; }

    /// <summary>All 64 digits.</summary>
    public required string Revision { get; init; }

    public required int Instances { get; init; }

    /// <summary>The number that the host application's own code gave when this was stored; a changed one wins over <see cref="Instances"/>.</summary>
    public int? Registered { get; init; }

    /// <summary>The other end where that was a range; null where it was one number.</summary>
    public int? RegisteredMax { get; init; }

    /// <summary>The least number where it follows the load; null where it is fixed.</summary>
    public int? Min { get; init; }

    /// <summary>The greatest number where it follows the load.</summary>
    public int? Max { get; init; }

    /// <summary>How many requests one instance gets at once; null for the number of all plugins.</summary>
    public int? MaxRequestsPerInstance { get; init; }

    /// <summary>The memory that one instance uses, as declared; null where nobody says.</summary>
    public long? MemoryBytes { get; init; }

    [JsonIgnore]
    public ScaleRange? Range => Min is { } min && Max is { } max ? new ScaleRange(min, max) : null;

    [JsonIgnore]
    public ScaleRange? RegisteredRange => Registered is { } least ? new ScaleRange(least, RegisteredMax ?? least) : null;

    /// <summary>Whether rollouts are held until they are resumed.</summary>
    public bool Paused { get; init; }

    /// <summary>What is tried out beside it; null where nothing is.</summary>
    public StoredCanary? Canary { get; init; }

    /// <summary>Where the next revision comes from; null where code gives it.</summary>
    public StoredSource? Source { get; init; }
}

/// <summary>The folder that a deployment comes from.</summary>
internal sealed record StoredSource
{
    /// <summary>An absolute path.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether changes there are deployed by themselves, as far as options allow it.</summary>
    public bool Follow { get; init; } = true;

    /// <summary>When the plugin's schedule last had it read.</summary>
    public DateTimeOffset? LastRun { get; init; }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RevisionFile))]
[JsonSerializable(typeof(DesiredState))]
[JsonSerializable(typeof(HistoryFile))]
[JsonSerializable(typeof(InstanceNote))]
internal sealed partial class StateJson : JsonSerializerContext;
