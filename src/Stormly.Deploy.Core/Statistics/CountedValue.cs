using System.Numerics;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Statistics;

/// <summary>A value and how often it was seen.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">How often at most.</param>
/// <param name="Least">How often at least.</param>
/// <param name="Callers">A set in which each caller has one bit.</param>
internal readonly record struct CountedValue(RawJson Value, long Count, long Least, ulong Callers)
{
    /// <summary>From how many different callers it came, at least.</summary>
    public int LeastCallers => BitOperations.PopCount(Callers);
}
