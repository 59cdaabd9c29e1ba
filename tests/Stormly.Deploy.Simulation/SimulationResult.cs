namespace Stormly.Deploy.Simulation;

/// <summary>What came of one seed: its history as a hash, and where an invariant broke what it was and what led to it.</summary>
internal sealed record SimulationResult(ulong Seed, ulong Hash, int Steps, int Requests, int Starts, string? Failure, string Timeline)
{
    /// <summary>The longest time from the last trouble until everything was ready, and the share of its bound that it took.</summary>
    public (TimeSpan Took, double OfBound) WorstHealing { get; init; }

    public override string ToString()
        => Failure is null ? $"seed {Seed}: good, {Steps} steps, hash {Hash:x16}" : $"seed {Seed} (replay with SIM_SEED={Seed}): {Failure}\n{Timeline}";
}
