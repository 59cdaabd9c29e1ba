using System.Collections.Immutable;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <summary>All that one controller knows and intends. Immutable; only <see cref="DeploymentMachine"/> makes the next one.</summary>
internal sealed record DeploymentState
{
    public required PluginName Plugin { get; init; }

    public DeploymentMode Mode { get; init; }

    /// <summary>What should serve; null where nothing was ever deployed.</summary>
    public FleetGoal? Goal { get; init; }

    /// <summary>What served last as a whole: stored, and returned to when <see cref="Goal"/> fails.</summary>
    public FleetGoal? Stable { get; init; }

    /// <summary>Calls that wait for <see cref="Goal"/> to be reached.</summary>
    public ImmutableArray<long> Tickets { get; init; } = [];

    /// <summary>When those calls, and a goal that never served, are given up unless another instance becomes ready.</summary>
    public TimeSpan? ProgressDeadline { get; init; }

    /// <summary>Whether a goal that never served is tried again and again.</summary>
    public bool KeepTrying { get; init; }

    /// <summary>How often the rollout under way was taken up again after the host application had died over it.</summary>
    public int Resumed { get; init; }

    /// <summary>A rollout that an earlier run of the host application did not bring to its end, and that waits until what served before is back; null where none does.</summary>
    public InterruptedRollout? Interrupted { get; init; }

    /// <summary>Why no instance is started any more; null where they are.</summary>
    public string? Failure { get; init; }

    /// <summary>Why nothing could be brought up since the host application started, although that is tried again and again; null once it could.</summary>
    public string? Absence { get; init; }

    /// <summary>The newest failure of an instance of the goal; null where none failed since it was set or reached.</summary>
    public StartFailure? LastFailure { get; init; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<InstanceState> Instances { get; init; } = [];

    /// <summary>Places of instances that failed and whose substitutes were not started yet.</summary>
    public ImmutableArray<Vacancy> Vacancies { get; init; } = [];

    /// <summary>What is tried out beside <see cref="Goal"/>; null where nothing is.</summary>
    public CanaryState? Canary { get; init; }

    /// <summary>Why rollouts stand still; null where they go on.</summary>
    public PauseState? Pause { get; init; }

    /// <summary>What became of each revision that is kept, the one deployed last last.</summary>
    public ImmutableArray<RevisionSnapshot> Revisions { get; init; } = [];

    /// <summary>Revisions that were let through with their examples since the controller began, and that may not have served as a whole yet; the newest few.</summary>
    public ImmutableArray<RevisionId> Examined { get; init; } = [];

    /// <summary>How the deployment stands to the folder that it follows; null where it follows none.</summary>
    public SourceSnapshot? Source { get; init; }

    /// <summary>Whether any instance was ready since the controller began.</summary>
    public bool EverReady { get; init; }

    /// <summary>How long the last start took that became ready.</summary>
    public TimeSpan LastStartTook { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How the wanted number follows the load; null where it is fixed.</summary>
    public ScaleState? Scale { get; init; }

    /// <summary>What it may use of the machine; null where that is not shared out.</summary>
    public MachineShare? Share { get; init; }

    /// <summary>Whether no instance was ready since none was wanted: requests wait for the first one.</summary>
    public bool FromZero { get; init; }

    /// <summary>Whether it is settled by now if rollouts are paused and what is tried out: before anything is wanted, what an earlier run stored of that goes on holding.</summary>
    public bool KnowsRollouts => Goal is not null;

    public bool Proven => Goal is not null && Stable?.Revision == Goal.Revision;

    /// <summary>How many are ready, and have been for long enough to count.</summary>
    /// <param name="revision">Of this revision only.</param>
    /// <returns>The number.</returns>
    public int CountSettled(RevisionId revision)
        => Instances.Count(i => i is { Phase: InstancePhase.Ready, Settled: true } && i.Revision == revision);

    public int CountReady(RevisionId? revision = null)
        => Instances.Count(i => i.Phase == InstancePhase.Ready && (revision is null || i.Revision == revision));
}
