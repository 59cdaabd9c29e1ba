using System.Text.Json.Serialization;

namespace Stormly.Deploy.Storage;

/// <summary><c>revision.json</c>: what of a revision is in no other file.</summary>
internal sealed record RevisionFile
{
    public int Version { get; init; } = 1;

    public required string RuntimeDigest { get; init; }

    public Dictionary<string, string> Environment { get; init; } = [];
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RevisionFile))]
[JsonSerializable(typeof(EarlierDesired))]
[JsonSerializable(typeof(EarlierHistory))]
[JsonSerializable(typeof(InstanceNote))]
internal sealed partial class StateJson : JsonSerializerContext;
