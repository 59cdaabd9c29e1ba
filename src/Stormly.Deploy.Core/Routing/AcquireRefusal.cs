namespace Stormly.Deploy.Routing;

/// <summary>Why a request got no instance.</summary>
internal enum AcquireRefusal
{
    /// <summary>There is no such plugin.</summary>
    UnknownPlugin,

    /// <summary>Nothing serves, and waiting does not help or was in vain.</summary>
    Unavailable,

    /// <summary>Too many requests wait already.</summary>
    QueueFull,

    /// <summary>Waited its time, and every instance was busy.</summary>
    QueueTimeout,

    /// <summary>No instance is left that was not tried before.</summary>
    NoOther,

    /// <summary>The caller gave up.</summary>
    Cancelled,
}
