namespace Stormly.Deploy.Examples;

/// <summary>What is done about a revision's examples before it gets requests.</summary>
public enum ExampleCheck
{
    /// <summary>They are not run.</summary>
    Off,

    /// <summary>They are run; one that fails is a decision in words and a warning in the log, and the revision goes on.</summary>
    Warn,

    /// <summary>They are run; where one fails the revision is treated like one that did not become ready, and what served before goes on.</summary>
    Block,
}
