namespace Stormly.Deploy.Rollout;

/// <summary>What becomes of a canary that did not get enough requests to be judged.</summary>
public enum CanaryUndecided
{
    /// <summary>It stays as it is; it is still judged once it has enough.</summary>
    Stay,

    /// <summary>It is aborted.</summary>
    Abort,
}
