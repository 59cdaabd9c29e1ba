namespace Stormly.Deploy.Scaling;

/// <summary>What scaling remembers of one deployment from one tick to the next.</summary>
internal sealed record ScaleMemory
{
    /// <summary>The newest second whose demand was recorded.</summary>
    public required long Second { get; init; }

    /// <summary>The rule, with what it remembers itself.</summary>
    public required IScalingPolicy Policy { get; init; }

    /// <summary>The requests that came in each of the newest seconds.</summary>
    public required DemandWindow Arrivals { get; init; }

    /// <summary>Until when a queue is laid to the start-up of instances that were ordered; null where none were.</summary>
    public TimeSpan? StartingUntil { get; init; }

    /// <summary>The fewest requests that were there since.</summary>
    public int Fewest { get; init; }

    /// <summary>Whether it was told that this start-up holds back further orders.</summary>
    public bool Told { get; init; }

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
        => new()
        {
            Second = (long)Math.Floor(now.TotalSeconds),
            Since = now,
            Arrivals = DemandWindow.Of(spec.Options.PanicSeconds),
            Policy = spec.Options.Policy == ScalingPolicyKind.RayServe ? RayPolicy.Begin(spec.Options) : KnativeState.Begin(spec.Options, running, now),
        };
}
