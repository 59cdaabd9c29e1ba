using Stormly.Deploy.Health;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>All that was observed of one instance.</summary>
internal sealed record InstanceState
{
    public required InstanceId Id { get; init; }

    public required RevisionId Revision { get; init; }

    public required InstancePhase Phase { get; init; }

    /// <summary>How many instances of its revision the backend can run at once; the greatest number where nobody knows.</summary>
    public int Ceiling { get; init; } = int.MaxValue;

    /// <summary>The failures of the instances whose place it took.</summary>
    public required BackOffState Line { get; init; }

    public required Moment Started { get; init; }

    public Moment? Ready { get; init; }

    /// <summary>From when on a good status check lets it count for the exchange; null where it counts, and before it was ready.</summary>
    public TimeSpan? SettlesAt { get; init; }

    /// <summary>Whether it has been ready for long enough to count for the exchange.</summary>
    public bool Settled => Ready is not null && SettlesAt is null;

    /// <summary>Where it listens; null until the backend has started it.</summary>
    public string? Address { get; init; }

    /// <summary>Its command ended; the backend may still clear away what is left.</summary>
    public bool Dead { get; init; }

    /// <summary>Its start so far; null until the backend has started it.</summary>
    public StartState? Start { get; init; }

    /// <summary>Its start is proven, and it takes no requests before the examples of its revision were run.</summary>
    public bool AwaitsExamples { get; init; }

    /// <summary>Whether they are being run against this very instance.</summary>
    public bool Verifying { get; init; }

    /// <summary>Its status checks since it was ready.</summary>
    public StatusState? Status { get; init; }

    /// <summary>Whether a status check is under way.</summary>
    public bool Probing { get; init; }

    public TimeSpan LastProbed { get; init; }

    /// <summary>Whether it answered its last status check at all, with whatever code.</summary>
    public bool Answers { get; init; }

    /// <summary>What live traffic has shown of it.</summary>
    public OutlierState Outlier { get; init; } = OutlierState.Fresh;

    /// <summary>Whether a start that should have replaced it failed.</summary>
    public bool SubstituteFailed { get; init; }

    /// <summary>Whether an earlier run of the host application started it.</summary>
    public bool Survived { get; init; }

    /// <summary>Whether it took requests in that run.</summary>
    public bool ServedBefore { get; init; }

    /// <summary>Why it is not as it should be.</summary>
    public string? Trouble { get; init; }

    public bool Launched => Address is not null;

    /// <summary>Ready by its status, but out of routing for a while because its requests fail.</summary>
    public bool Ejected => Outlier.EjectedUntil is not null;

    public bool TakesRequests => this is { Phase: InstancePhase.Ready, Dead: false, Ejected: false };

    public bool Leaving => Phase >= InstancePhase.Draining;

    /// <summary>When its next status check is due; null where none is to come.</summary>
    public TimeSpan? NextProbe => Probing || Leaving || !Launched || AwaitsExamples ? null : Phase == InstancePhase.Starting ? Start!.NextAt : Status!.NextAt;
}
