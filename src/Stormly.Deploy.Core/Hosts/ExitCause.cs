namespace Stormly.Deploy.Hosts;

/// <summary>The kinds of an instance's end that the control plane treats differently.</summary>
public enum ExitCause
{
    /// <summary>It ended although nobody asked it to, with whatever code.</summary>
    OnItsOwn,

    /// <summary>We stopped it.</summary>
    Stopped,

    /// <summary>Somebody else took its port before it could: try again elsewhere, and do not count it as a crash.</summary>
    PortTaken,

    /// <summary>The shell found no such command, or may not run it (exit codes 127 and 126).</summary>
    CommandNotRunnable,
}
