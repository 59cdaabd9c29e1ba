namespace Stormly.Deploy.Scaling;

/// <summary>A rule for the number of instances together with what it remembers of one deployment. Immutable; it knows no clock.</summary>
internal interface IScalingPolicy
{
    /// <summary>Adds the demand of one second.</summary>
    /// <param name="second">Which, counted by the monotonic clock.</param>
    /// <param name="inFlight">Requests, running and waiting.</param>
    /// <returns>The rule with it.</returns>
    IScalingPolicy Record(long second, double inFlight);

    /// <summary>Decides at a tick.</summary>
    /// <param name="spec">The deployment's bounds and the rule's numbers.</param>
    /// <param name="signals">What is known.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The rule as it goes on, and its answer; no answer where nothing was measured.</returns>
    (IScalingPolicy Next, PolicyAnswer? Answer) Decide(ScaleSpec spec, ScaleSignals signals, TimeSpan now);
}
