using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>What follows from a status check of a starting instance.</summary>
/// <param name="Verdict">What to do.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Basis">From which numbers, where there are any.</param>
internal readonly record struct StartDecision(StartVerdict Verdict, string Reason, DecisionBasis? Basis = null);
