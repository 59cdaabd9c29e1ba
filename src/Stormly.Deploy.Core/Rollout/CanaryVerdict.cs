namespace Stormly.Deploy.Rollout;

/// <summary>What becomes of a canary by its rule.</summary>
internal enum CanaryVerdict
{
    /// <summary>It is too early to tell.</summary>
    Wait,

    /// <summary>It is good.</summary>
    Promote,

    /// <summary>It is worse than allowed, or nobody can tell and it is not to stay.</summary>
    Abort,

    /// <summary>It did not get enough requests in time, and stays.</summary>
    Stay,
}
