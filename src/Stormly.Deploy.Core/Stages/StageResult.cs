using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>What one stage of a plugin's run left behind, as far as a deployment cares: its status and its <c>http</c> object.</summary>
public sealed record StageResult
{
    /// <summary>The largest document that is read, in bytes: 64 MiB.</summary>
    public const int MaxBytes = JsonCheck.MaxBytes;

    internal StageResult()
    {
    }

    /// <summary>The stage, e.g. <c>initial</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>The file or other origin that was read, for messages.</summary>
    public required string Origin { get; init; }

    /// <summary>A copy of the member <c>http</c>, byte for byte; null where it is absent or null. Not checked yet: <see cref="HttpSpecMerge"/> does.</summary>
    public RawJson? Http { get; init; }

    /// <summary><c>status.code</c>; null where the result has no status, which counts as success.</summary>
    public string? StatusCode { get; init; }

    /// <summary><c>status.title</c>. Text of a stranger: escape it wherever it is shown.</summary>
    public string? StatusTitle { get; init; }

    /// <summary><c>status.explanation</c>. Text of a stranger: escape it wherever it is shown.</summary>
    public string? StatusExplanation { get; init; }

    /// <summary>Whether the stage says that it ended well.</summary>
    public bool Succeeded { get; init; } = true;

    /// <summary>
    /// Reads a stage's result. Python's <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> are read as null with a warning, inside <c>http</c> they are an error;
    /// a byte order mark is accepted; duplicate keys, comments, trailing commas, more than 64 levels and more than <see cref="MaxBytes"/> are errors.
    /// </summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="origin">The file or other origin, for messages.</param>
    /// <param name="utf8">The document. Nothing of the answer points into it.</param>
    /// <returns>The result and every problem. Never throws because of what the document says.</returns>
    public static StageReading Read(string stage, string origin, ReadOnlyMemory<byte> utf8)
    {
        var problems = new ProblemList(stage, origin);
        var result = JsonCheck.Run(utf8, lenient: true, problems) is { } json ? StageResultReader.Read(stage, origin, json, problems) : null;
        return new StageReading(result, problems.ToImmutable());
    }

    /// <summary>Reads a stage's result from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stage">The stage's name; null takes it from the file's name (<see cref="StageFiles.StageOf"/>).</param>
    /// <returns>The result and every problem, a missing or unreadable file included.</returns>
    public static StageReading ReadFile(string path, string? stage = null)
    {
        var name = stage ?? StageFiles.StageOf(path);
        var origin = StageFiles.OriginOf(path);
        var problems = new ProblemList(name, origin);
        return DocumentFile.TryRead(path, problems) is { } utf8 ? Read(name, origin, utf8) : new StageReading(null, problems.ToImmutable());
    }
}
