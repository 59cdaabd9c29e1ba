namespace Stormly.Deploy.Scaling;

/// <summary>What scaling remembers of one deployment from one tick to the next.</summary>
internal sealed record ScaleMemory
{
    /// <summary>The newest second whose demand was recorded.</summary>
    public required long Second { get; init; }

    public required KnativeState Knative { get; init; }

    /// <summary>Since when demand is watched, or the first instance was wanted again: the last one does not go before one stable window has passed.</summary>
    public required TimeSpan Since { get; init; }

    /// <summary>Since when the rule wants no instance and no request is there; null where that is not so.</summary>
    public TimeSpan? IdleSince { get; init; }

    /// <summary>The memory of a deployment that nobody has watched yet.</summary>
    /// <param name="spec">Its bounds and rule.</param>
    /// <param name="running">How many instances run or are wanted.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The memory.</returns>
    public static ScaleMemory Begin(ScaleSpec spec, int running, TimeSpan now)
        => new() { Second = (long)Math.Floor(now.TotalSeconds), Since = now, Knative = KnativeState.Begin(spec.Options, running, now) };
}
