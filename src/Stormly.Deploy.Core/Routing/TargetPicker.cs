using System.Collections.Immutable;

namespace Stormly.Deploy.Routing;

/// <summary>Chooses among targets: of two random ones the one with fewer requests in flight ("two random choices"), claimed in the same step.</summary>
internal static class TargetPicker
{
    /// <summary>
    /// Picks and claims a target of a route. While a canary is tried out the request's key, or chance, says which side is asked; where no instance of it
    /// can be claimed the other side answers, so that no request is lost.
    /// </summary>
    /// <param name="route">The route.</param>
    /// <param name="key">What keeps requests on one side of a canary; null for none.</param>
    /// <param name="limit">The greatest number of requests at once on one target.</param>
    /// <param name="tried">Targets that this request must not get again.</param>
    /// <param name="random">Where the choice comes from.</param>
    /// <returns>A claimed target; null where none can be claimed.</returns>
    public static RouteTarget? Claim(PluginRoute route, string? key, int limit, ImmutableArray<RouteTarget> tried, Random random)
    {
        if (route.Canary is not { } canary)
        {
            return Claim(route.Targets, limit, tried, random);
        }

        var isCanarys = canary.Takes(key, random);
        if (Claim(isCanarys ? canary.Targets : canary.Stable, limit, tried, random) is { } target)
        {
            return target;
        }

        var other = Claim(isCanarys ? canary.Stable : canary.Targets, limit, tried, random);
        if (other is not null)
        {
            canary.Spills.Add(isCanarys);
        }

        return other;
    }

    /// <summary>Picks and claims a target.</summary>
    /// <param name="targets">The candidates.</param>
    /// <param name="limit">The greatest number of requests at once on one target.</param>
    /// <param name="tried">Targets that this request must not get again.</param>
    /// <param name="random">Where the choice comes from.</param>
    /// <returns>A claimed target; null where none can be claimed.</returns>
    public static RouteTarget? Claim(ImmutableArray<RouteTarget> targets, int limit, ImmutableArray<RouteTarget> tried, Random random)
    {
        if (targets.Length > 1)
        {
            var first = random.Next(targets.Length);
            var second = (first + 1 + random.Next(targets.Length - 1)) % targets.Length;
            var (better, other) = targets[second].InFlight < targets[first].InFlight ? (second, first) : (first, second);
            if (TryClaim(targets[better], limit, tried))
            {
                return targets[better];
            }

            if (TryClaim(targets[other], limit, tried))
            {
                return targets[other];
            }
        }

        return ClaimAny(targets, limit, tried);
    }

    private static RouteTarget? ClaimAny(ImmutableArray<RouteTarget> targets, int limit, ImmutableArray<RouteTarget> tried)
    {
        RouteTarget? best = null;
        foreach (var target in targets)
        {
            if (!target.IsClosed && !WasTried(target, tried) && (best is null || target.InFlight < best.InFlight))
            {
                best = target;
            }
        }

        if (best is null || TryClaim(best, limit, tried))
        {
            return best;
        }

        foreach (var target in targets)
        {
            if (TryClaim(target, limit, tried))
            {
                return target;
            }
        }

        return null;
    }

    private static bool TryClaim(RouteTarget target, int limit, ImmutableArray<RouteTarget> tried) => !WasTried(target, tried) && target.TryClaim(limit);

    /// <summary>By the instance, not by the target: an instance that was put back has a new target.</summary>
    private static bool WasTried(RouteTarget target, ImmutableArray<RouteTarget> tried)
    {
        foreach (var earlier in tried)
        {
            if (earlier.Instance == target.Instance)
            {
                return true;
            }
        }

        return false;
    }
}
