namespace Stormly.Deploy.Model;

/// <summary>The folder that a deployment follows, and how it stands to it.</summary>
public sealed record SourceSnapshot
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>How the deployment stands to it.</summary>
    public required SourceState State { get; init; }

    /// <summary>Why what it holds is not deployed, in words; null where nothing speaks against it.</summary>
    public string? Problem { get; init; }

    /// <summary>The revision that it held when it was last read; null where it was not read yet, or held none.</summary>
    public RevisionId? Revision { get; init; }

    /// <summary>Why changes are found by looking now and then only, in words; null where the file system tells of them at once.</summary>
    public string? ScanOnly { get; init; }
}
