using System.Collections.Immutable;

namespace Stormly.Deploy.Stages;

/// <summary>The answer of <see cref="StageResult.Read"/>.</summary>
/// <param name="Result">The result; null where the document cannot be relied on.</param>
/// <param name="Problems">Every problem, in the order of the document.</param>
public sealed record StageReading(StageResult? Result, ImmutableArray<SpecProblem> Problems)
{
    /// <summary>Whether a problem stops the deployment.</summary>
    public bool HasErrors => Problems.Any(p => p.Severity == ProblemSeverity.Error);
}
