namespace Stormly.Deploy.Rollout;

/// <summary>What the requests of one side of a canary have shown since its share was routed.</summary>
/// <param name="Requests">How many were answered well or failed.</param>
/// <param name="Failures">How many of them failed.</param>
/// <param name="Latency">The percentile of the good answers' times that the rule asks for, rounded up to the end of its bucket.</param>
internal readonly record struct TrafficFigures(long Requests, long Failures, TimeSpan Latency)
{
    public double FailureRate => Requests == 0 ? 0 : (double)Failures / Requests;
}
