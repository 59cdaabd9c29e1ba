namespace Stormly.Deploy.Scaling;

/// <summary>What Knative's rule remembers from one tick to the next.</summary>
internal sealed record KnativeState : IScalingPolicy
{
    public required DemandWindow Stable { get; init; }

    public required DemandWindow Panic { get; init; }

    /// <summary>When the burst was last seen; null in quiet times.</summary>
    public TimeSpan? PanicSince { get; init; }

    /// <summary>The greatest answer since the burst began: the number does not fall below it.</summary>
    public int PanicMost { get; init; }

    public AnswerWindow Answers { get; init; } = AnswerWindow.Empty;

    /// <summary>The state of a deployment whose load nobody has watched yet. Where more than one instance runs, it must not shrink before it was: it begins as a burst does.</summary>
    /// <param name="options">The numbers.</param>
    /// <param name="running">How many instances run or are wanted.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The state.</returns>
    public static KnativeState Begin(ScalingOptions options, int running, TimeSpan now) => new()
    {
        Stable = DemandWindow.Of(options.StableSeconds),
        Panic = DemandWindow.Of(options.PanicSeconds),
        PanicSince = running > 1 ? now : null,
        PanicMost = running > 1 ? running : 0,
    };

    IScalingPolicy IScalingPolicy.Record(long second, double inFlight) => Record(second, inFlight);

    public (IScalingPolicy Next, PolicyAnswer? Answer) Decide(ScaleSpec spec, ScaleSignals signals, TimeSpan now)
        => KnativePolicy.Decide(spec.Options, spec.Target, this, signals.Ready, now);

    /// <summary>Adds the demand of one second.</summary>
    public KnativeState Record(long second, double inFlight) => this with { Stable = Stable.Record(second, inFlight), Panic = Panic.Record(second, inFlight) };
}
