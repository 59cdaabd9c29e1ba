namespace Stormly.Deploy.Rollout;

/// <summary>How many instances there should and may be.</summary>
/// <param name="Wanted">How many should be ready.</param>
/// <param name="MaxSurge">How many more may run while others are exchanged.</param>
/// <param name="MaxUnavailable">How many of the wanted number may be missing while a revision comes in.</param>
/// <param name="Ceiling">How many the backend can run at once, whatever their state.</param>
/// <param name="CeilingReason">Why not more; empty where the ceiling does not matter.</param>
/// <param name="Startable">How many starts the back-off allows now.</param>
/// <param name="CeilingMayRise">Whether the ceiling may rise soon of itself: then nothing goes because of it.</param>
internal readonly record struct FleetSpec(int Wanted, int MaxSurge, int MaxUnavailable, int Ceiling, string CeilingReason, int Startable, bool CeilingMayRise = false);
