namespace Stormly.Deploy.Health;

/// <summary>Whether a status check without an answer should also find out where the instance listens, which costs more than the check.</summary>
internal enum ListenerQuestion
{
    /// <summary>No.</summary>
    None,

    /// <summary>Yes, so that people who watch learn early what may be wrong; the instance may still open its port.</summary>
    Hint,

    /// <summary>Yes, and the answer counts: the time is over.</summary>
    Final,
}
