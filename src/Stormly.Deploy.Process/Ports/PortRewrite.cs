namespace Stormly.Deploy.Process.Ports;

/// <summary>The answer to "can this command listen on another port?".</summary>
/// <param name="Verdict">What is known.</param>
/// <param name="Command">The command to run: for the new port where it can move, unchanged otherwise.</param>
/// <param name="Reason">Why it cannot move, as half a sentence; empty where it can.</param>
internal sealed record PortRewrite(PortVerdict Verdict, string Command, string Reason = "")
{
    /// <summary>Whether any number of instances can run, each on a port of its own.</summary>
    public bool CanMove => Verdict is PortVerdict.Rewritten or PortVerdict.UsesPlaceholder or PortVerdict.UsesVariable;
}
