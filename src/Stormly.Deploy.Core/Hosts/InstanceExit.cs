namespace Stormly.Deploy.Hosts;

/// <summary>How an instance ended.</summary>
public sealed record InstanceExit
{
    /// <summary>The command's exit code; null where a signal ended it or nobody could learn it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The number of the signal that ended it, e.g. 9; null where none did.</summary>
    public int? Signal { get; init; }

    /// <summary>What kind of end it was.</summary>
    public required ExitCause Cause { get; init; }

    /// <summary>The end in words, e.g. "ended by itself with exit code 3" or "was killed by signal 9, perhaps for want of memory".</summary>
    public required string Reason { get; init; }

    /// <summary>The last lines of its output, printable; empty where it wrote nothing.</summary>
    public string OutputTail { get; init; } = "";
}
