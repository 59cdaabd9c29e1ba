using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Runtime;

/// <summary>What the requests of both sides show while one share of a canary stands.</summary>
/// <param name="Revision">The canary's revision.</param>
/// <param name="Window">Which of its shares it is.</param>
/// <param name="Spills">What one side answered for the other, since the canary came.</param>
internal sealed record CanaryTraffic(RevisionId Revision, int Window, CanarySpills Spills)
{
    public TrafficWindow Canary { get; } = new();

    public TrafficWindow Stable { get; } = new();
}
