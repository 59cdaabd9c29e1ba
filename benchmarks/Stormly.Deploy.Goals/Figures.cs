namespace Stormly.Deploy.Goals;

/// <summary>Durations of one kind, summed up as they stand in benchmarks/README.md.</summary>
internal sealed class Figures(string name)
{
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan duration) => _milliseconds.Add(duration.TotalMilliseconds);

    /// <summary>The value that the given share of all stays below or at.</summary>
    public double Percentile(double share)
    {
        var sorted = _milliseconds.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }

    public override string ToString()
        => $"{name}: median {Percentile(0.5):0.0} ms, p99 {Percentile(0.99):0.0} ms, max {_milliseconds.Max():0.0} ms ({_milliseconds.Count} times)";
}
