using Stormly.Deploy.Model;

namespace Stormly.Deploy.Hosts;

/// <summary>One leftover of an earlier run.</summary>
/// <param name="Instance">The instance, as far as its record names it.</param>
/// <param name="Ended">Whether something was ended.</param>
/// <param name="Detail">What was found and done, in words, e.g. "process 3714 is another program by now: left alone".</param>
public sealed record HostRecoveryNote(InstanceId Instance, bool Ended, string Detail)
{
    /// <summary>Whether something of it still lives, against our will: its folder and record stay, so that the next start tries again.</summary>
    public bool Remains { get; init; }
}
