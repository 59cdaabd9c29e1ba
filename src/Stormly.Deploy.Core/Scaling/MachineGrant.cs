namespace Stormly.Deploy.Scaling;

/// <summary>How many instances one deployment may have from now on.</summary>
/// <param name="Plugin">Whose.</param>
/// <param name="Instances">How many may live at once.</param>
/// <param name="Coming">How many it gets once others have come down.</param>
/// <param name="Why">What it shares with whom, in words.</param>
internal readonly record struct MachineGrant(string Plugin, int Instances, int Coming, string Why);
