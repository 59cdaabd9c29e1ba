using System.Collections.Immutable;
using System.Globalization;

namespace Stormly.Deploy.Model;

/// <summary>What a decision was made from, where there was a number or another way: for people who ask why, and for tools that draw it. All of it is text as people read it.</summary>
/// <param name="Formula">The rule that was applied to the inputs, e.g. "misses ≥ limit".</param>
/// <param name="Chosen">What the rule gave, e.g. "replace" or "2.2 s".</param>
/// <param name="Rejected">What would have been done otherwise; null where there was no other way.</param>
public sealed record DecisionBasis(string Formula, string Chosen, string? Rejected = null)
{
    /// <summary>What the rule was applied to, in the order of reading. Default none.</summary>
    public ImmutableArray<DecisionInput> Inputs { get; init; } = [];

    /// <summary>Adds an input that is a text.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="value">What it was.</param>
    /// <returns>A basis with that input last.</returns>
    public DecisionBasis With(string name, string value) => this with { Inputs = Inputs.Add(new(name, value)) };

    /// <summary>Adds an input that is a number.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="value">What it was; written with at most three decimals.</param>
    /// <returns>A basis with that input last.</returns>
    public DecisionBasis With(string name, double value) => With(name, value.ToString("0.###", CultureInfo.InvariantCulture));

    /// <summary>Adds an input that is a time.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="value">What it was; written in seconds.</param>
    /// <returns>A basis with that input last.</returns>
    public DecisionBasis With(string name, TimeSpan value) => With(name, Seconds(value));

    /// <summary>Two are equal where all their texts are.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(DecisionBasis? other)
        => other is not null && Formula == other.Formula && Chosen == other.Chosen && Rejected == other.Rejected && Inputs.AsSpan().SequenceEqual(other.Inputs.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Formula, Chosen, Rejected, Inputs.Length);

    internal static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
