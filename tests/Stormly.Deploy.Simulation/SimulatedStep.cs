using System.Collections.Immutable;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <summary>One step of the machine, for what checks it.</summary>
/// <param name="Before">The state before.</param>
/// <param name="News">What happened.</param>
/// <param name="Effects">What is to be done; nothing of it is done yet.</param>
/// <param name="After">The state after.</param>
/// <param name="At">Monotonic time of the host application.</param>
internal sealed record SimulatedStep(DeploymentState Before, DeploymentEvent News, ImmutableArray<DeploymentEffect> Effects, DeploymentState After, TimeSpan At);
