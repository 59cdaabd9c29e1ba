using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>How many instances there should be.</summary>
/// <param name="Memory">What to remember.</param>
/// <param name="Wanted">The number.</param>
/// <param name="Why">What was measured and what followed from it, in words.</param>
/// <param name="Basis">The same for tools; null where nothing was decided.</param>
/// <param name="Tell">Whether people should hear of it although the number stays: more was not ordered, and why.</param>
internal sealed record ScaleDecision(ScaleMemory Memory, int Wanted, string Why, DecisionBasis? Basis = null, bool Tell = false);
