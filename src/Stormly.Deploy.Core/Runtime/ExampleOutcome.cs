namespace Stormly.Deploy.Runtime;

/// <summary>What came of running a revision's examples before its promotion.</summary>
/// <param name="Run">How many requests were made.</param>
/// <param name="Problem">The first one that failed: what was sent, what came; null where none did.</param>
/// <param name="Blocks">Whether a problem keeps the revision from being promoted.</param>
/// <param name="Note">What was not run, and why; null for nothing.</param>
internal sealed record ExampleOutcome(int Run, string? Problem, bool Blocks, string? Note)
{
    /// <summary>There was nothing to run.</summary>
    public static readonly ExampleOutcome None = new(0, null, Blocks: false, null);
}
