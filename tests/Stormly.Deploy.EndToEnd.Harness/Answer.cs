using System.Net;

namespace Stormly.Deploy.EndToEnd.Harness;

/// <summary>What came back for one request.</summary>
/// <param name="Code">The code; null where the connection itself failed.</param>
/// <param name="Body">The body, or the connection's error.</param>
public sealed record Answer(HttpStatusCode? Code, string Body)
{
    /// <summary>When to come back; null where that was not said.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
