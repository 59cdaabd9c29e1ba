namespace Stormly.Deploy.Runtime;

/// <summary>A revision that is coming in, as the next start of the host application must know it.</summary>
/// <param name="Goal">What comes in.</param>
/// <param name="KeepTrying">Whether it is tried again and again because nothing ever served.</param>
/// <param name="Resumed">How often it was taken up again after the host application had died over it.</param>
internal sealed record RolloutState(FleetGoal Goal, bool KeepTrying, int Resumed)
{
    /// <summary>The one that is under way, or waits to be taken up again; null where there is none.</summary>
    public static RolloutState? Of(DeploymentState state) => state switch
    {
        { Interrupted.Rollout: { } waiting } => waiting,
        { Goal: { } goal, Proven: false, Failure: null } => new RolloutState(goal, state.KeepTrying, state.Resumed),
        _ => null,
    };
}

/// <summary>A rollout that waits until what served before the host application ended is back.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Deadline">When it is waited for no longer.</param>
internal sealed record InterruptedRollout(RolloutState Rollout, TimeSpan Deadline);
