namespace Stormly.Deploy.Routing;

/// <summary>The kinds of news from the data plane.</summary>
internal enum RouteSignalKind
{
    /// <summary>A request waits for an instance.</summary>
    Demand,

    /// <summary>An instance refused, reset or dropped a connection: check it at once.</summary>
    ConnectionTrouble,

    /// <summary>An instance failed a request: read its traffic (<see cref="RouteTarget.ReadTraffic"/>); not told again until that was done.</summary>
    RequestFailed,
}
