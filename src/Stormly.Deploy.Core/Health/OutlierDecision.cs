using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>The answer of the outlier rule.</summary>
/// <param name="State">What to remember.</param>
/// <param name="Verdict">What to do.</param>
/// <param name="Reason">Why, in words with the numbers; empty for <see cref="OutlierVerdict.Keep"/>.</param>
public sealed record OutlierDecision(OutlierState State, OutlierVerdict Verdict, string Reason = "")
{
    /// <summary>From which numbers; null for <see cref="OutlierVerdict.Keep"/>.</summary>
    public DecisionBasis? Basis { get; init; }
}
