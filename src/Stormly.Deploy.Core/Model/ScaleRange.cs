using System.Globalization;

namespace Stormly.Deploy.Model;

/// <summary>How many instances of a plugin may be wanted: the number moves between both ends with the load, and stays where both are equal.</summary>
/// <param name="Min">The fewest, 0 to 1000; 0 lets the deployment go down to no instance while nobody asks, and a request that comes then waits for the first.</param>
/// <param name="Max">The most, 1 to 1000, and not below <paramref name="Min"/>.</param>
public sealed record ScaleRange(int Min, int Max)
{
    /// <summary>Whether the number is fixed: load changes nothing.</summary>
    public bool IsFixed => Min == Max;

    /// <summary>A number that load does not change.</summary>
    /// <param name="instances">The number, 1 to 1000.</param>
    /// <returns>The range from it to itself.</returns>
    public static ScaleRange Fixed(int instances) => new(instances, instances);

    /// <summary>One number, or both ends with dots between them, for example <c>0..5</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsFixed ? Max.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Min}..{Max}");

    internal const int Greatest = 1000;

    internal int Clamp(int wanted) => Math.Clamp(wanted, Min, Max);

    /// <summary>The part of it up to a number; null where that number is all that is left.</summary>
    internal ScaleRange? AtMost(int most) => new ScaleRange(Math.Min(Min, most), Math.Min(Max, most)) is { IsFixed: false } rest ? rest : null;

    /// <summary>What is wrong with it, as the rule that it breaks; null where nothing is.</summary>
    internal string? Problem => this switch
    {
        { Min: < 0 or > Greatest } => "have a minimum from 0 to 1000",
        { Max: < 1 or > Greatest } => "have a maximum from 1 to 1000",
        _ when Min > Max => "have a minimum that is not above its maximum",
        _ => null,
    };
}
