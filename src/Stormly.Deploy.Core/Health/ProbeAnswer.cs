namespace Stormly.Deploy.Health;

/// <summary>What came of one status check.</summary>
internal enum ProbeAnswer
{
    /// <summary>200, from the instance itself.</summary>
    Good,

    /// <summary>An answer with another code.</summary>
    BadStatus,

    /// <summary>No whole answer: refused, reset, not HTTP, or too slow.</summary>
    NoAnswer,

    /// <summary>A process that is not part of the instance holds its port.</summary>
    Stranger,

    /// <summary>The instance listens where nobody can reach it.</summary>
    Elsewhere,
}
