using System.Collections.Immutable;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <summary>One step of a machine.</summary>
internal delegate (DeploymentState State, ImmutableArray<DeploymentEffect> Effects) MachineStep(DeploymentState state, DeploymentEvent news, Moment now);

/// <summary>What a simulation runs with, beside its seed.</summary>
internal sealed record SimulationOptions
{
    /// <summary>Puts a broken machine in the place of the real one.</summary>
    public Func<MachineStep, MachineSettings, MachineStep> Machine { get; init; } = static (real, _) => real;

    /// <summary>Puts a broken plan of routes in the place of the real one.</summary>
    public Func<DeploymentState, TimeSpan, RoutePlan> Routes { get; init; } = RoutePlan.Of;

    /// <summary>Puts a broken document in the place of the one that outlives the host application.</summary>
    public Func<SimulatedDocument, DeploymentState, SimulatedDocument> Document { get; init; } = SimulatedDocument.Present;

    /// <summary>By how much the wall clock is wrong all the time: must change nothing.</summary>
    public TimeSpan WallOffset { get; init; }

    /// <summary>How many of the last steps a failure tells.</summary>
    public int Timeline { get; init; } = 60;
}
