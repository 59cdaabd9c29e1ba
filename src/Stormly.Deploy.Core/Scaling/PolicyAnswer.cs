using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>How many instances a rule asks for, before the deployment's own bounds.</summary>
/// <param name="Instances">The number.</param>
/// <param name="Why">The measured values and what the rule made of them, in words.</param>
/// <param name="Basis">The same for tools.</param>
internal sealed record PolicyAnswer(int Instances, string Why, DecisionBasis Basis);
