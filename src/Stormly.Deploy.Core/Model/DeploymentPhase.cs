namespace Stormly.Deploy.Model;

/// <summary>How a deployment as a whole fares.</summary>
public enum DeploymentPhase
{
    /// <summary>A revision is being brought up.</summary>
    Deploying,

    /// <summary>The wanted number of instances of the wanted revision is ready.</summary>
    Ready,

    /// <summary>Some instance is ready, but fewer than wanted, or the wanted revision is not the one that serves.</summary>
    Degraded,

    /// <summary>No instance is ready, and the next start waits for its back-off to pass.</summary>
    BackingOff,

    /// <summary>No instance is ready and none will be started by itself: the reason says what to mend.</summary>
    Failed,

    /// <summary>Being taken away: instances drain and stop.</summary>
    Removing,

    /// <summary>Gone.</summary>
    Removed,

    /// <summary>A rollout is held: what serves goes on, and no revision takes the place of another until it is resumed.</summary>
    Paused,
}
