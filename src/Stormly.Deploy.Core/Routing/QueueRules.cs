using System.Collections.Immutable;

namespace Stormly.Deploy.Routing;

/// <summary>The rules of a plugin's queue as pure functions: who gets what, and how long one waits.</summary>
internal static class QueueRules
{
    /// <summary>Decides about one request now; claims an instance where it can.</summary>
    /// <param name="route">The plugin's route; null where it was removed.</param>
    /// <param name="key">What keeps the request on one side of a canary; null for none.</param>
    /// <param name="tried">The targets that the request has tried.</param>
    /// <param name="options">The limits.</param>
    /// <param name="queue">The queue that a lease reports to.</param>
    /// <param name="random">Chooses among instances.</param>
    /// <returns>A lease or a refusal; null where the request should wait.</returns>
    public static AcquireResult? Decide(PluginRoute? route, string? key, ImmutableArray<RouteTarget> tried, RoutingOptions options, PluginQueue queue, Random random)
    {
        if (route is null)
        {
            return AcquireResult.Refused(AcquireRefusal.UnknownPlugin, "There is no such plugin.");
        }

        if (TargetPicker.Claim(route, key, route.MaxRequestsPerInstance ?? options.MaxRequestsPerInstance, tried, random) is { } target)
        {
            return AcquireResult.Granted(new InstanceLease(target, queue));
        }

        return route.Availability == RouteAvailability.Unavailable
            ? AcquireResult.Refused(AcquireRefusal.Unavailable, route.Reason.Length > 0 ? route.Reason : "No instance is ready.", route.RetryAfter)
            : null;
    }

    /// <summary>Tells how long a request may wait in all, as things stand.</summary>
    /// <param name="route">The plugin's route.</param>
    /// <param name="tried">The targets that the request has tried.</param>
    /// <param name="options">The limits.</param>
    /// <returns>The time from the beginning of its wait.</returns>
    public static TimeSpan WaitLimit(PluginRoute? route, ImmutableArray<RouteTarget> tried, RoutingOptions options)
    {
        if (route?.Availability == RouteAvailability.ColdStart)
        {
            return options.ColdStartTimeout;
        }

        // A tried instance that is still in the table may be the only one there ever is: its failure is the answer then, soon.
        return tried.Any(t => !t.IsClosed) && options.ConnectRetryWait < options.QueueTimeout ? options.ConnectRetryWait : options.QueueTimeout;
    }

    /// <summary>The answer to a request whose wait is over.</summary>
    /// <param name="route">The plugin's route.</param>
    /// <param name="tried">The targets that the request has tried.</param>
    /// <param name="waiting">How many wait.</param>
    /// <param name="serviceSeconds">How long an answer takes.</param>
    /// <returns>The refusal.</returns>
    public static AcquireResult Expired(PluginRoute? route, ImmutableArray<RouteTarget> tried, int waiting, double serviceSeconds)
    {
        if (!tried.IsEmpty)
        {
            return AcquireResult.Refused(AcquireRefusal.NoOther, "No other instance could take the request.");
        }

        return route is { Availability: RouteAvailability.Serving }
            ? AcquireResult.Refused(AcquireRefusal.QueueTimeout, "All instances stayed busy for as long as a request may wait.", Estimate(route, waiting, serviceSeconds))
            : AcquireResult.Refused(AcquireRefusal.Unavailable, "No instance became ready in time.", route?.RetryAfter);
    }

    /// <summary>The answer to a request that finds the queue full.</summary>
    /// <param name="route">The plugin's route.</param>
    /// <param name="waiting">How many wait.</param>
    /// <param name="serviceSeconds">How long an answer takes.</param>
    /// <returns>The refusal.</returns>
    public static AcquireResult Full(PluginRoute route, int waiting, double serviceSeconds)
        => AcquireResult.Refused(
            AcquireRefusal.QueueFull,
            "All instances are busy and as many requests as allowed wait already.",
            route.Availability == RouteAvailability.ColdStart && route.RetryAfter is { } start ? start : Estimate(route, waiting, serviceSeconds));

    private static TimeSpan Estimate(PluginRoute route, int waiting, double serviceSeconds)
        => RetryAfter.Estimate(waiting, route.Targets.Sum(static t => t.InFlight), serviceSeconds);
}
