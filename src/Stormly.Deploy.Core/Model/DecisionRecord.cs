namespace Stormly.Deploy.Model;

/// <summary>One decision of the control plane in words that a person understands: log events, metrics and timelines are renderings of it.</summary>
/// <param name="Sequence">Counts up within a deployment, from 1.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Plugin">Whose deployment it is about.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Subject">The instance or revision that it is about, or the plugin's name.</param>
/// <param name="What">What was done, e.g. "replace churn-3f9a2c41 by churn-77b01e5d".</param>
/// <param name="Why">What was seen and which rule followed from it, e.g. "status check answered 500; any code but 200 replaces at once".</param>
public sealed record DecisionRecord(
    long Sequence,
    DateTimeOffset At,
    PluginName Plugin,
    DecisionKind Kind,
    string Subject,
    string What,
    string Why)
{
    /// <summary>What it was decided from: inputs, rule, what was chosen and what was not; null where there is no more to it than the words.</summary>
    public DecisionBasis? Basis { get; init; }
}
