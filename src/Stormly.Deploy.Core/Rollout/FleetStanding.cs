namespace Stormly.Deploy.Rollout;

/// <summary>Where a member of a fleet stands, as far as planning cares.</summary>
internal enum FleetStanding
{
    /// <summary>On its way, not proved.</summary>
    Starting,

    /// <summary>Takes requests, but not for long enough to count.</summary>
    Young,

    /// <summary>Takes requests.</summary>
    Ready,

    /// <summary>To be replaced.</summary>
    Suspect,

    /// <summary>Draining or stopping.</summary>
    Leaving,

    /// <summary>Its command ended; the backend still clears away what is left of it.</summary>
    Dead,
}
