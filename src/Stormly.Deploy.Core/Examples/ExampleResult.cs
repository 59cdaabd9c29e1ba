using Stormly.Deploy.Model;

namespace Stormly.Deploy.Examples;

/// <summary>What came of one request.</summary>
/// <param name="Run">The request.</param>
/// <param name="At">When it was made.</param>
/// <param name="Took">How long the plugin took.</param>
/// <param name="Problem">What was wrong, in words; null where the answer was good.</param>
/// <param name="Answer">A good answer.</param>
internal sealed record ExampleResult(ExampleRun Run, DateTimeOffset At, TimeSpan Took, string? Problem, RawJson? Answer);
