using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>What follows from a status check of a ready instance.</summary>
/// <param name="Verdict">What to do.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Basis">From which numbers, where there are any.</param>
internal readonly record struct StatusDecision(StatusVerdict Verdict, string Reason, DecisionBasis? Basis = null);
