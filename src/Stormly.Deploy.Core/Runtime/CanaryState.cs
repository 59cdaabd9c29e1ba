using System.Collections.Frozen;
using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;

namespace Stormly.Deploy.Runtime;

/// <summary>A revision that is tried out on a share of the traffic, beside the one that serves.</summary>
internal sealed record CanaryState
{
    /// <summary>What it becomes when it is promoted. Its wanted number is that of the deployment, not that of the canary.</summary>
    public required FleetGoal Goal { get; init; }

    public required CanarySpec Spec { get; init; }

    /// <summary>The keys of <see cref="Spec"/>, as requests look them up.</summary>
    public required FrozenSet<string> Keys { get; init; }

    /// <summary>The share that is routed, 0 to 1; 0 until its instances were ready for the first time.</summary>
    public double Routed { get; init; }

    /// <summary>Since when that share stands.</summary>
    public Moment? RoutedAt { get; init; }

    /// <summary>Counts the shares that were routed: the requests of each are judged by themselves.</summary>
    public int Window { get; init; }

    /// <summary>Calls that wait for the share to be routed.</summary>
    public ImmutableArray<long> Tickets { get; init; } = [];

    /// <summary>When those, and a canary that was never routed, are given up; null where nothing is waited for.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>When its rule is asked next; null where it has none or was not routed.</summary>
    public TimeSpan? NextJudgement { get; init; }

    /// <summary>Whether it was said that it stays for want of requests.</summary>
    public bool SaidToStay { get; init; }

    public StartFailure? LastFailure { get; init; }

    public RevisionId Revision => Goal.Revision;

    /// <summary>On how many instances it runs beside so many of the revision that serves.</summary>
    public int Size(FleetGoal stable) => CanarySize.Of(Spec.Share, stable.Wanted, Math.Min(stable.Ceiling, Goal.Ceiling));
}
