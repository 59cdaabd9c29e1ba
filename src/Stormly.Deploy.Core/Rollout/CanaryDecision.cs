using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>What becomes of a canary by its rule, and why.</summary>
/// <param name="Verdict">What.</param>
/// <param name="Reason">Why, with both sides' figures.</param>
/// <param name="Basis">What it was decided from.</param>
internal sealed record CanaryDecision(CanaryVerdict Verdict, string Reason, DecisionBasis Basis);
