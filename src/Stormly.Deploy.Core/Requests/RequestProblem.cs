namespace Stormly.Deploy.Requests;

/// <summary>One thing that is wrong with a caller's request, told so that the caller can mend it. All text in it is printable and short; escape it in HTML.</summary>
public sealed record RequestProblem
{
    /// <summary>The place in the body as a JSON pointer (RFC 6901), e.g. <c>/props/user_created</c>; empty for the whole body.</summary>
    public required string Pointer { get; init; }

    /// <summary>The input that it is about; null where it is not about a single one.</summary>
    public string? Input { get; init; }

    /// <summary>The rule that is broken, e.g. "must be a number".</summary>
    public required string Rule { get; init; }

    /// <summary>What to do about it.</summary>
    public required string Remedy { get; init; }

    /// <summary>What was found there, as JSON text; null where nothing was.</summary>
    public string? Value { get; init; }

    /// <summary>What the plugin says about the input; null where it says nothing.</summary>
    public string? Explanation { get; init; }

    /// <summary>The whole problem in one line.</summary>
    /// <returns>E.g. <c>/props/user_created must be a number, was: "x". Send a number, e.g. 3.5.</c></returns>
    public override string ToString()
    {
        var place = Pointer.Length == 0 ? "the body" : Pointer;
        var was = Value is null ? "" : $", was: {Value}";
        var meaning = Explanation is null ? "" : $" ({Explanation})";
        return $"{place} {Rule}{was}. {Remedy}{meaning}";
    }
}
