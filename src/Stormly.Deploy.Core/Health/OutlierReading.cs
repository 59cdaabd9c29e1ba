namespace Stormly.Deploy.Health;

/// <summary>What live traffic has seen of one instance since it joined the routing: counts that only grow, but for the row of failures.</summary>
/// <param name="Successes">Requests that it answered well.</param>
/// <param name="Failures">Requests that it failed.</param>
/// <param name="FailuresInARow">Failures since its last success.</param>
public readonly record struct OutlierReading(long Successes, long Failures, int FailuresInARow);
