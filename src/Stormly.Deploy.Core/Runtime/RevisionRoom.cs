namespace Stormly.Deploy.Runtime;

/// <summary>How many instances there may be while a revision comes in that the backend can run only so many of.</summary>
internal static class RevisionRoom
{
    /// <summary>
    /// As many as it can run of the revision, and those of others that it can run any number of: they use nothing that the revision is short of, so that none
    /// of them has to go before it has proved itself.
    /// </summary>
    /// <param name="state">The deployment.</param>
    /// <param name="goal">The revision that comes in.</param>
    /// <returns>The number, whatever the machine's part is.</returns>
    public static int Of(DeploymentState state, FleetGoal goal)
        => goal.Ceiling == int.MaxValue ? int.MaxValue : goal.Ceiling + state.Instances.Count(i => i.Revision != goal.Revision && IsApart(state, i));

    /// <summary>Whether the backend can run any number beside an instance. Of one that an earlier run of the host application started only what serves says how many there can be.</summary>
    public static bool IsApart(DeploymentState state, InstanceState instance)
        => state.Stable is { } stable && stable.Revision == instance.Revision ? stable.Ceiling == int.MaxValue : instance is { Survived: false, Ceiling: int.MaxValue };
}
