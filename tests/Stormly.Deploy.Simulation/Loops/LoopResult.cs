using System.Collections.Immutable;

namespace Stormly.Deploy.Simulation;

/// <summary>What came of one storm.</summary>
/// <param name="Seed">What it was drawn from.</param>
/// <param name="Failure">Which promise was broken; null for none.</param>
/// <param name="Story">What was done, in order.</param>
/// <param name="Requests">How many requests were sent.</param>
/// <param name="Starts">How many instances were started.</param>
internal sealed record LoopResult(ulong Seed, string? Failure, ImmutableArray<string> Story, int Requests, int Starts)
{
    public override string ToString() => $"seed {Seed}: {Failure ?? "no promise broken"}{Environment.NewLine}{string.Join(Environment.NewLine, Story)}";
}
