using System.Collections.Immutable;

namespace Stormly.Deploy.Model;

/// <summary>What outsiders see of a deployment at one moment.</summary>
public sealed record DeploymentSnapshot
{
    /// <summary>Whose deployment it is.</summary>
    public required PluginName Plugin { get; init; }

    /// <summary>How it fares.</summary>
    public required DeploymentPhase Phase { get; init; }

    /// <summary>Why it fares so, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The revision that should serve; null where nothing was ever deployed.</summary>
    public RevisionId? WantedRevision { get; init; }

    /// <summary>The revision that does serve; null where none does, also while no instance is wanted because nobody asks: then the next request gets <see cref="WantedRevision"/>.</summary>
    public RevisionId? ServingRevision { get; init; }

    /// <summary>How many ready instances are wanted.</summary>
    public required int WantedInstances { get; init; }

    /// <summary>Between what the wanted number follows the load; null where it is fixed.</summary>
    public ScaleRange? Scale { get; init; }

    /// <summary>Requests that run or wait right now.</summary>
    public int Demand { get; init; }

    /// <summary>Every instance that is not gone yet, oldest first.</summary>
    public required ImmutableArray<InstanceSnapshot> Instances { get; init; }

    /// <summary>The newest decisions, oldest first, bounded by an option.</summary>
    public required ImmutableArray<DecisionRecord> Decisions { get; init; }

    /// <summary>The revisions that are kept and can be gone back to, the one deployed last last.</summary>
    public ImmutableArray<RevisionSnapshot> Revisions { get; init; } = [];

    /// <summary>The folder that it follows, or reads by a schedule; null where there is none.</summary>
    public SourceSnapshot? Source { get; init; }

    /// <summary>The revision that is tried out on a share of the traffic; null where none is.</summary>
    public CanarySnapshot? Canary { get; init; }

    /// <summary>Whether rollouts are held until they are resumed: the one under way, or else the next one.</summary>
    public bool Paused { get; init; }

    /// <summary>Counts up with every change, so that two snapshots can be told apart and ordered.</summary>
    public required long Version { get; init; }

    /// <summary>How many instances take requests now.</summary>
    public int ReadyInstances => Instances.Count(i => i.Phase == InstancePhase.Ready);
}
