using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>Between what the number of one deployment moves, and by which rule.</summary>
/// <param name="Range">Both ends.</param>
/// <param name="Options">The rule's numbers.</param>
/// <param name="Limit">How many requests one instance takes at once.</param>
internal sealed record ScaleSpec(ScaleRange Range, ScalingOptions Options, int Limit)
{
    /// <summary>How many requests one instance should have: never more than it takes.</summary>
    public double Target => Math.Min(Options.TargetInFlight, Limit);
}
