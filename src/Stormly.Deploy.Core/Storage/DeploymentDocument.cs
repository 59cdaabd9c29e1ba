using System.Text.Json;
using System.Text.Json.Serialization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>What is to come back of a deployment after a start of the host application.</summary>
internal sealed record DeploymentDocument
{
    private const int Known = 1;

    public int Version { get; init; } = Known;

    /// <summary>What served last as a whole; null where nothing did.</summary>
    public StoredFleet? Serves { get; init; }

    /// <summary>What was coming in; null where nothing was.</summary>
    public StoredRollout? Rollout { get; init; }

    /// <summary>The number that the host application's own code gave when this was stored; a changed one wins over the stored one.</summary>
    public int? Registered { get; init; }

    /// <summary>The other end where that was a range; null where it was one number.</summary>
    public int? RegisteredMax { get; init; }

    /// <summary>Whether rollouts are held until they are resumed.</summary>
    public bool Paused { get; init; }

    /// <summary>What is tried out beside it; null where nothing is.</summary>
    public StoredCanary? Canary { get; init; }

    /// <summary>Where the next revision comes from; null where code gives it.</summary>
    public StoredSource? Source { get; init; }

    /// <summary>The number of the newest decision where the host application ended as planned; null while it runs, and after every other end.</summary>
    public long? Ended { get; init; }

    /// <summary>What became of the revisions that are kept.</summary>
    public List<RevisionNote> Revisions { get; init; } = [];

    [JsonIgnore]
    public ScaleRange? RegisteredRange => Registered is { } least ? new ScaleRange(least, RegisteredMax ?? least) : null;

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Default.DeploymentDocument);

    /// <summary>Reads a document back.</summary>
    /// <param name="text">What a store returned.</param>
    /// <returns>The document.</returns>
    /// <exception cref="FormatException">It cannot be trusted; the message says why.</exception>
    public static DeploymentDocument Read(ReadOnlySpan<byte> text)
    {
        try
        {
            var document = JsonSerializer.Deserialize(text, JournalJson.Default.DeploymentDocument) ?? throw new FormatException("it is empty");
            return document.Problem is { } problem ? throw new FormatException(problem) : document;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new FormatException(error.Message, error);
        }
    }

    private string? Problem => this switch
    {
        { Version: not Known } => $"it is of version {Version}, and only version {Known} is known",
        { Serves.Problem: { } problem } => problem,
        { Rollout.Problem: { } problem } => problem,
        { Canary.Revision: var id } when !StoredFleet.IsRevision(id) => "the canary's revision must be 64 hex digits",
        { Revisions: null } => "it does not list the revisions",
        _ => Revisions.All(r => StoredFleet.IsRevision(r.Revision)) ? null : "a revision must be 64 hex digits",
    };
}
