namespace Stormly.Deploy.Model;

/// <summary>Where an instance stands between its start and its end. It only moves down this list, except between Ready and Suspect.</summary>
public enum InstancePhase
{
    /// <summary>Started, and has not yet answered a status check with 200.</summary>
    Starting,

    /// <summary>Takes requests.</summary>
    Ready,

    /// <summary>Is to be replaced: out of routing while a substitute starts, or in it where it is the last one that may still answer.</summary>
    Suspect,

    /// <summary>Takes no new request and finishes those it has.</summary>
    Draining,

    /// <summary>Was told to end.</summary>
    Stopping,

    /// <summary>Nothing of it runs any more.</summary>
    Ended,
}
