namespace Stormly.Deploy.Explain;

/// <summary>Bounds of an explanation, so that no page grows without end. What is beyond them is left out with a warning.</summary>
internal static class ExplainLimits
{
    /// <summary>Tabs of one explanation.</summary>
    public const int MaxTabs = 50;

    /// <summary>Inputs that a plugin describes in one tab.</summary>
    public const int MaxInputs = 2000;

    /// <summary>Examples of one input or one output.</summary>
    public const int MaxExamples = 100;

    /// <summary>Bytes of one example.</summary>
    public const int MaxExampleBytes = 64 * 1024;

    /// <summary>Characters of a tab's title.</summary>
    public const int MaxTitle = 200;

    /// <summary>Characters of an input's explanation.</summary>
    public const int MaxExplanation = 10_000;
}
