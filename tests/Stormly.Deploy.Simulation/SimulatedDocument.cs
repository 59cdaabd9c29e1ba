using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <summary>The one document of the deployment that outlives the host application, as the real one: every write holds all of it.</summary>
internal sealed record SimulatedDocument
{
    /// <summary>What served last as a whole.</summary>
    public FleetGoal? Serves { get; init; }

    /// <summary>What was coming in.</summary>
    public RolloutState? Rollout { get; init; }

    public bool Paused { get; init; }

    public CanaryState? Canary { get; init; }

    /// <summary>What became of the revisions.</summary>
    public ImmutableArray<RevisionSnapshot> Revisions { get; init; } = [];

    /// <summary>The document as the controller would write it at a state, beside what the effect itself changes.</summary>
    public static SimulatedDocument Present(SimulatedDocument document, DeploymentState state)
        => state.KnowsRollouts ? document with { Paused = state.Pause is not null, Canary = state.Canary } : document;
}
