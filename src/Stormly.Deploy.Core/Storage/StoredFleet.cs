using System.Text.Json.Serialization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>A revision and how many instances of it.</summary>
internal record StoredFleet
{
    /// <summary>All 64 digits.</summary>
    public required string Revision { get; init; }

    public required int Instances { get; init; }

    /// <summary>The least number where it follows the load; null where it is fixed.</summary>
    public int? Min { get; init; }

    /// <summary>The greatest number where it follows the load.</summary>
    public int? Max { get; init; }

    /// <summary>How many requests one instance gets at once; null for the number of all plugins.</summary>
    public int? MaxRequestsPerInstance { get; init; }

    /// <summary>The memory that one instance uses, as declared; null where nobody says.</summary>
    public long? MemoryBytes { get; init; }

    [JsonIgnore]
    public RevisionId Id => new(Revision);

    [JsonIgnore]
    public ScaleRange? Range => Min is { } min && Max is { } max ? new ScaleRange(min, max) : null;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    [JsonIgnore]
    public string? Problem
    {
        get
        {
            var range = Range ?? ScaleRange.Fixed(Instances);
            return !IsRevision(Revision) ? "a revision must be 64 hex digits"
                : range.Problem is not null || range.Clamp(Instances) != Instances ? "the instances must be 1 to 1000 or within their range" : null;
        }
    }

    /// <summary>Whether a text can name a revision's folder.</summary>
    public static bool IsRevision(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);
}
