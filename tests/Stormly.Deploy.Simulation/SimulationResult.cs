namespace Stormly.Deploy.Simulation;

/// <summary>What came of one seed: its history as a hash, and where an invariant broke what it was and what led to it.</summary>
internal sealed record SimulationResult(ulong Seed, ulong Hash, int Steps, int Requests, int Starts, string? Failure, string Timeline)
{
    public override string ToString()
        => Failure is null ? $"seed {Seed}: good, {Steps} steps, hash {Hash:x16}" : $"seed {Seed} (replay with SIM_SEED={Seed}): {Failure}\n{Timeline}";
}
