namespace Stormly.Deploy.Runtime;

/// <summary>What one deployment may use of a machine that is shared out.</summary>
/// <param name="Instances">How many instances may live at once.</param>
/// <param name="Why">Its part, and who has the rest.</param>
internal sealed record MachineShare(int Instances, string Why)
{
    public static readonly MachineShare None = new(0, "the machine is shared out, and its part is not decided yet");
}
