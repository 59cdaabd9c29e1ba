namespace Stormly.Deploy.Explain;

/// <summary>What came of running one example of an input against a revision, with the first example of every other required input beside it.</summary>
public sealed record ExampleVerification
{
    /// <summary>The place of the example's tab among <see cref="PluginExplanation.Tabs"/>, from 0.</summary>
    public required int Tab { get; init; }

    /// <summary>The input's name.</summary>
    public required string Input { get; init; }

    /// <summary>The place of the example among <see cref="ExplainedInput.Examples"/>, from 0.</summary>
    public required int Example { get; init; }

    /// <summary>When it was run.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long the plugin took to answer.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>Whether the answer was a good one.</summary>
    public required bool Passed { get; init; }

    /// <summary>What was wrong with it, in words; null where it passed. May hold text of a stranger: escape it wherever it is shown.</summary>
    public string? Detail { get; init; }
}
