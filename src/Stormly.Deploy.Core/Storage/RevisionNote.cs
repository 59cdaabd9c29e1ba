using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>What became of one revision.</summary>
internal sealed record RevisionNote
{
    /// <summary>All 64 digits.</summary>
    public required string Revision { get; init; }

    public required DateTimeOffset DeployedAt { get; init; }

    public DateTimeOffset? ServedAt { get; init; }

    public DateTimeOffset? FailedAt { get; init; }

    public string? Failure { get; init; }

    public DateTimeOffset? WithdrawnAt { get; init; }

    public static RevisionNote Of(RevisionSnapshot revision) => new()
    {
        Revision = revision.Id.Digest,
        DeployedAt = revision.DeployedAt,
        ServedAt = revision.ServedAt,
        FailedAt = revision.FailedAt,
        Failure = revision.Failure,
        WithdrawnAt = revision.WithdrawnAt,
    };
}
