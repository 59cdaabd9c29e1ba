namespace Stormly.Deploy.Health;

/// <summary>What to do about an instance that is starting.</summary>
internal enum StartVerdict
{
    /// <summary>Ask again later.</summary>
    Wait,

    /// <summary>It takes requests from now on.</summary>
    Ready,

    /// <summary>Stop it, and start another on another port.</summary>
    AnotherPort,

    /// <summary>Stop it: its time is over.</summary>
    GiveUp,

    /// <summary>Stop it, and start no other: no further start cures what was seen.</summary>
    Incurable,
}
