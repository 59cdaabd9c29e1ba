namespace Stormly.Deploy.Simulation;

/// <summary>SplitMix64: a seed means the same numbers on every machine and with every version of .NET.</summary>
internal sealed class SeededRandom(ulong seed) : Random
{
    private ulong _state = seed * 0x9E3779B97F4A7C15 + 0x1234567;

    public ulong NextBits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public override int Next(int maxValue) => (int)(NextBits() % (ulong)maxValue);

    /// <summary>A number from <paramref name="minValue"/> up to and with <paramref name="maxValue"/>.</summary>
    public int Between(int minValue, int maxValue) => minValue + Next(maxValue - minValue + 1);

    public bool Percent(int chance) => Next(100) < chance;

    public TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(Between(least, most));

    protected override double Sample() => (NextBits() >> 11) * (1.0 / (1ul << 53));
}
