using System.Collections.Immutable;

namespace Stormly.Deploy.Plans;

/// <summary>How two documents differ, place by place. The list is bounded, the count is not.</summary>
/// <param name="Listed">The first differences, in the order of the new document, then what is only in the old one.</param>
/// <param name="Count">How many there are.</param>
public sealed record JsonChanges(ImmutableArray<JsonChange> Listed, int Count)
{
    /// <summary>The most differences that are listed one by one.</summary>
    public const int MaxListed = 50;

    /// <summary>No difference.</summary>
    public static JsonChanges None { get; } = new([], 0);
}
