namespace Stormly.Deploy.Health;

/// <summary>What the outlier rule wants done with an instance.</summary>
public enum OutlierVerdict
{
    /// <summary>Nothing changes.</summary>
    Keep,

    /// <summary>Take it out of routing for a while.</summary>
    Eject,

    /// <summary>Its time is up: let it have requests again.</summary>
    Return,

    /// <summary>It stays bad: replace it.</summary>
    Replace,
}
