namespace Stormly.Deploy.Storage;

/// <summary><c>revisions/&lt;plugin&gt;/history.json</c>: what became of the kept revisions.</summary>
internal sealed record HistoryFile
{
    public int Version { get; init; } = 1;

    public List<RevisionNote> Revisions { get; init; } = [];
}

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
}
