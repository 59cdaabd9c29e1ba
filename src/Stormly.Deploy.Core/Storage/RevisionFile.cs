using System.Text.Json.Serialization;

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

    /// <summary>The folder that the next revision comes from; null where it comes from code.</summary>
    public string? Folder { get; init; }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RevisionFile))]
[JsonSerializable(typeof(DesiredState))]
[JsonSerializable(typeof(HistoryFile))]
internal sealed partial class StateJson : JsonSerializerContext;
