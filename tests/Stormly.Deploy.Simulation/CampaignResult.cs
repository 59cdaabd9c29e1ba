using System.Collections.Immutable;

namespace Stormly.Deploy.Simulation;

/// <summary>What came of many seeds; the failures with the fewest steps first.</summary>
internal sealed record CampaignResult(int Seeds, int Failed, ulong Hash, long Steps, long Requests, long Starts, ImmutableArray<SimulationResult> Failures)
{
    /// <summary>The longest time from the last trouble until everything was ready, once nothing was injected any more, and the largest share of its bound.</summary>
    public (TimeSpan Took, double OfBound) WorstHealing { get; init; }
}
