using System.Collections.Immutable;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Explain;

/// <summary>The answer of <see cref="ExplanationReader"/>.</summary>
/// <param name="Explanation">The explanation; there always is one.</param>
/// <param name="Problems">What was left out and why. Warnings only: a bad explanation does not keep a good plugin from running.</param>
public sealed record ExplanationReading(PluginExplanation Explanation, ImmutableArray<SpecProblem> Problems);
