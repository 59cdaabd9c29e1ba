namespace Stormly.Deploy.Simulation;

/// <summary>An invariant does not hold.</summary>
internal sealed class SimulationFailure(string what) : Exception(what);
