namespace Stormly.Deploy.Model;

/// <summary>What is known of one revision that is kept with its files and its manifest, and can be gone back to.</summary>
public sealed record RevisionSnapshot
{
    /// <summary>The revision.</summary>
    public required RevisionId Id { get; init; }

    /// <summary>When it was deployed last.</summary>
    public required DateTimeOffset DeployedAt { get; init; }

    /// <summary>When it last came to serve as a whole; null where it never did.</summary>
    public DateTimeOffset? ServedAt { get; init; }

    /// <summary>When it was last given up; null where it was not since it last served.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why it was given up, with the last lines of its output; null where it was not.</summary>
    public string? Failure { get; init; }

    /// <summary>When somebody went back from it to another revision by hand; null where nobody did since it was deployed.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }
}
