namespace Stormly.Deploy.Simulation;

/// <summary>What becomes of a body.</summary>
internal enum BodyAnswerKind
{
    /// <summary>The plugin gets its props.</summary>
    Accepted,

    /// <summary>Places in it are wrong.</summary>
    Refused,

    /// <summary>A name stands twice in one object.</summary>
    Repeated,

    /// <summary>It is no JSON that can be read.</summary>
    NotJson,

    /// <summary>It is larger than allowed.</summary>
    TooLarge,
}
