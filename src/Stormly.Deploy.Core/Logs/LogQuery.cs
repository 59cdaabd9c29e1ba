namespace Stormly.Deploy.Logs;

/// <summary>What to look for in a log.</summary>
public sealed record LogQuery
{
    /// <summary>The text that a line must hold, or a regular expression that must match in it.</summary>
    public required string Text { get; init; }

    /// <summary>Whether <see cref="Text"/> is a regular expression. It is matched in linear time, so that back-references and look-around are not allowed. Default false.</summary>
    public bool IsRegex { get; init; }

    /// <summary>Whether upper and lower case are the same. Default true.</summary>
    public bool IgnoreCase { get; init; } = true;

    /// <summary>How many matching lines to find, 1 or more. Default 100.</summary>
    public int MaxMatches { get; init; } = 100;

    /// <summary>How many bytes of each file to search, from its end. Default 256 MiB.</summary>
    public long MaxBytes { get; init; } = 256L << 20;
}
