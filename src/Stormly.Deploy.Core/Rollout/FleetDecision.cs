using System.Collections.Immutable;

namespace Stormly.Deploy.Rollout;

/// <summary>What to do now so that the fleet comes nearer to what is wanted.</summary>
/// <param name="Starts">How many instances of the wanted revision to start.</param>
/// <param name="Stops">Which instances should leave, in this order.</param>
/// <param name="Count">How many members stood where when that was decided.</param>
internal sealed record FleetDecision(int Starts, ImmutableArray<FleetStop> Stops, FleetCount Count = default);
