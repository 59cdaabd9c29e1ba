namespace Stormly.Deploy.Runtime;

/// <summary>What one deployment may use of a machine that is shared out.</summary>
/// <param name="Instances">How many instances may live at once.</param>
/// <param name="Why">Its part, and who has the rest.</param>
/// <param name="Asked">The number that it asked for and that this answers.</param>
/// <param name="Coming">How many it gets once others have come down.</param>
internal sealed record MachineShare(int Instances, string Why, int Asked = int.MaxValue, int Coming = 0)
{
    public static readonly MachineShare None = new(0, "the machine is shared out, and its part is not decided yet", Asked: 0);

    /// <summary>Whether more may come soon of itself, so that nothing that serves has to go to make room.</summary>
    /// <param name="wish">How many are asked for now.</param>
    public bool MayRise(int wish) => wish > Asked || Coming > Instances;

    /// <summary>Whether it says the same, in whatever words.</summary>
    public bool IsLike(MachineShare? other) => (Instances, Asked, Coming) == (other?.Instances, other?.Asked, other?.Coming);
}
