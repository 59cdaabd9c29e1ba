using Stormly.Deploy.Features;

namespace Stormly.Deploy;

/// <summary>What is known of a request beside its body.</summary>
public sealed record PluginCallContext
{
    /// <summary>Names the request in log events and problem documents; null where nobody gave it a name.</summary>
    public string? TraceId { get; init; }

    /// <summary>
    /// What a caller is known by while a canary is tried out: requests with the same key get the same side for as long as its share stands, and a greater share
    /// only moves keys to the canary. Mixed with the canary's revision, so that other keys are first the next time. Null leaves it to chance.
    /// </summary>
    public string? CanaryKey { get; init; }

    /// <summary>Whether values of features may be learned from this request (<see cref="Statistics.StatisticsOptions"/>). Default true; false e.g. where an end user objects.</summary>
    public bool Learn { get; init; } = true;

    /// <summary>The person for whom the request is made: what features are detected from; null where nothing is known.</summary>
    public EndUser? EndUser { get; init; }

    /// <summary>
    /// Says who the person is where <see cref="EndUser"/> is null. Called only where a feature is detected from it, a provider is asked, or a request is learned from;
    /// it must not throw. Default null.
    /// </summary>
    public Func<EndUser?>? FindEndUser { get; init; }
}
