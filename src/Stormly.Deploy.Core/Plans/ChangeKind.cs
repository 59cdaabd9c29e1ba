namespace Stormly.Deploy.Plans;

/// <summary>What became of a value.</summary>
public enum ChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is not there any more.</summary>
    Removed,

    /// <summary>It is another one.</summary>
    Changed,

    /// <summary>It says the same in other words: white space, or the order of keys. A revision keeps texts exactly, so it counts.</summary>
    Rewritten,
}
