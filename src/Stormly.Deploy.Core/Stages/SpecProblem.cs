namespace Stormly.Deploy.Stages;

/// <summary>One thing that is wrong with stage results, a manifest or an explanation, told so that its author can mend it at once.</summary>
public sealed record SpecProblem
{
    /// <summary>Whether it stops the deployment.</summary>
    public required ProblemSeverity Severity { get; init; }

    /// <summary>The stage that the value comes from, e.g. <c>trainMore</c>; <c>merged</c> where no single stage is to blame.</summary>
    public required string Stage { get; init; }

    /// <summary>The file or other origin that was read, e.g. <c>results-trainMore.json</c>.</summary>
    public string? Origin { get; init; }

    /// <summary>The place in the document as a JSON pointer (RFC 6901), e.g. <c>/http/port</c>; empty for the whole document.</summary>
    public required string Pointer { get; init; }

    /// <summary>Line and column, both from 1, where the text itself could not be read; null otherwise.</summary>
    public (long Line, long Column)? Position { get; init; }

    /// <summary>What was found there, as JSON text, shortened and made printable; null where nothing was.</summary>
    public string? Value { get; init; }

    /// <summary>The rule that it breaks, e.g. "must be an integer from 1 to 65535".</summary>
    public required string Rule { get; init; }

    /// <summary>What to do about it.</summary>
    public required string Remedy { get; init; }

    /// <summary>The whole problem in one line.</summary>
    /// <returns>E.g. <c>error: stage trainMore, /http/port: must be …, was: "5000". Write …</c>.</returns>
    public override string ToString()
    {
        var place = Position is { } p ? $" (line {p.Line}, column {p.Column})" : "";
        var origin = Origin is null ? "" : $" in {Origin}";
        var pointer = Pointer.Length == 0 ? "" : $", {Pointer}";
        var was = Value is null ? "" : $", was: {Value}";
        return $"{(Severity == ProblemSeverity.Error ? "error" : "warning")}: stage {Stage}{origin}{pointer}{place}: {Rule}{was}. {Remedy}";
    }
}
