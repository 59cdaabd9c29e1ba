namespace Stormly.Deploy.Simulation;

/// <summary>
/// SplitMix64: a seed means the same numbers on every machine and with every version of .NET. Seeds are mixed once before they begin: one state leads to the next in
/// equal steps, so neighbours would draw from one sequence otherwise, one place apart.
/// </summary>
internal sealed class SeededRandom(ulong seed) : Random
{
    private ulong _state = Mix(seed + 0x1234567);

    public ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15);

    public override int Next(int maxValue) => (int)(NextBits() % (ulong)maxValue);

    /// <summary>A number from <paramref name="minValue"/> up to and with <paramref name="maxValue"/>.</summary>
    public int Between(int minValue, int maxValue) => minValue + Next(maxValue - minValue + 1);

    public bool Percent(int chance) => Next(100) < chance;

    public TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(Between(least, most));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    protected override double Sample() => (NextBits() >> 11) * (1.0 / (1ul << 53));
}
