using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Stormly.Deploy.Routing;

/// <summary>How requests are divided between a canary and the revision that serves. Immutable, but for the counts.</summary>
internal sealed class CanaryRoute : IEquatable<CanaryRoute>
{
    /// <summary>The canary's instances that may be claimed.</summary>
    public required ImmutableArray<RouteTarget> Targets { get; init; }

    /// <summary>The other side's.</summary>
    public required ImmutableArray<RouteTarget> Stable { get; init; }

    /// <summary>The canary's share, 0 to 1; 0 where it is there for nobody but those that find no other instance.</summary>
    public required double Share { get; init; }

    /// <summary>What keys are mixed with: the digest of the canary's revision.</summary>
    public required string Salt { get; init; }

    /// <summary>Keys that always get the canary.</summary>
    public required FrozenSet<string> Keys { get; init; }

    /// <summary>Counts what one side answered for the other.</summary>
    public required CanarySpills Spills { get; init; }

    /// <summary>Whether a request is the canary's.</summary>
    /// <param name="key">Its key; null where it has none, which leaves it to chance.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <returns>Whether it is.</returns>
    public bool Takes(string? key, Random random)
    {
        if (Share <= 0)
        {
            return false;
        }

        return string.IsNullOrEmpty(key) ? random.NextDouble() < Share : Keys.Contains(key) || CanaryShare.PlaceOf(Salt, key) < Share;
    }

    /// <summary>Whether another route divides requests in the same way among the same targets.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Whether it does.</returns>
    public bool Equals(CanaryRoute? other)
        => other is not null && Share == other.Share && Salt == other.Salt && ReferenceEquals(Keys, other.Keys) && ReferenceEquals(Spills, other.Spills)
            && Targets.AsSpan().SequenceEqual(other.Targets.AsSpan()) && Stable.AsSpan().SequenceEqual(other.Stable.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as CanaryRoute);

    public override int GetHashCode() => HashCode.Combine(Share, Salt, Targets.Length, Stable.Length);
}
