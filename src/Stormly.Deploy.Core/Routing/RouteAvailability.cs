namespace Stormly.Deploy.Routing;

/// <summary>What a request that finds no free instance should expect.</summary>
internal enum RouteAvailability
{
    /// <summary>Instances serve: wait a moment in the queue.</summary>
    Serving,

    /// <summary>The first instance is on its way: wait up to the start deadline.</summary>
    ColdStart,

    /// <summary>What there was is broken: answer 503 at once, with Retry-After where a start is under way.</summary>
    Unavailable,
}
