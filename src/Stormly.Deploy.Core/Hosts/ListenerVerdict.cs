namespace Stormly.Deploy.Hosts;

/// <summary>Who listens at an instance's address.</summary>
public enum ListenerVerdict
{
    /// <summary>The instance itself.</summary>
    Ours,

    /// <summary>Nobody, yet.</summary>
    Nobody,

    /// <summary>A process that is not part of the instance: try another port, and do not count it as a crash.</summary>
    Stranger,

    /// <summary>The instance listens, but on another port or on an address that cannot be reached: no further start cures that.</summary>
    Elsewhere,
}
