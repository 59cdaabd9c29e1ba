namespace Stormly.Deploy.Storage;

/// <summary><c>examples/&lt;plugin&gt;.json</c>: what came of running a plugin's examples.</summary>
internal sealed record ExamplesFile
{
    public int Version { get; init; } = 1;

    public required string Plugin { get; init; }

    /// <summary>Newest first.</summary>
    public List<ExamplesNote>? Revisions { get; init; }
}

/// <summary>The examples of one revision.</summary>
internal sealed record ExamplesNote
{
    /// <summary>All 64 digits.</summary>
    public required string Revision { get; init; }

    /// <summary>When all of them were run.</summary>
    public DateTimeOffset? CompleteAt { get; init; }

    /// <summary>The newest good answer, as JSON text.</summary>
    public string? LastAnswer { get; init; }

    public Dictionary<string, ExampleLine>? Results { get; init; }
}

/// <summary>What came of one example.</summary>
internal sealed record ExampleLine
{
    public DateTimeOffset At { get; init; }

    public double TookMs { get; init; }

    /// <summary>Null where it passed.</summary>
    public string? Problem { get; init; }
}
