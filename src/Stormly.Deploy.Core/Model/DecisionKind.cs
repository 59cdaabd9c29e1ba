namespace Stormly.Deploy.Model;

/// <summary>What a decision was about. The words are in the record; this is for filtering.</summary>
public enum DecisionKind
{
    /// <summary>A deploy was accepted, refused, superseded, finished or failed.</summary>
    Deploy,

    /// <summary>An instance was started.</summary>
    Start,

    /// <summary>An instance became ready and takes requests.</summary>
    Promote,

    /// <summary>An instance was taken out of routing, or put back.</summary>
    Route,

    /// <summary>An instance is being replaced.</summary>
    Replace,

    /// <summary>An instance was stopped, or ended by itself.</summary>
    Stop,

    /// <summary>The wanted number of instances changed.</summary>
    Scale,

    /// <summary>The next start waits.</summary>
    BackOff,

    /// <summary>A revision was given up in favour of the one before.</summary>
    Rollback,

    /// <summary>State was read back, an instance adopted, or a stray ended, after the host application started.</summary>
    Recover,

    /// <summary>A deployment was taken away.</summary>
    Remove,

    /// <summary>Something was seen in the folder that a deployment follows.</summary>
    Follow,

    /// <summary>Rollouts were paused or resumed.</summary>
    Pause,

    /// <summary>A canary came in, got another share, was promoted or aborted.</summary>
    Canary,

    /// <summary>The examples of a revision were run before it got requests.</summary>
    Verify,
}
