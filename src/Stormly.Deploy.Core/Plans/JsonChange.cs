namespace Stormly.Deploy.Plans;

/// <summary>One place in a document whose value differs.</summary>
/// <param name="Pointer">The place as a JSON pointer (RFC 6901), printable and of bounded length; empty for the whole document.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Before">The old value as JSON text, shortened and made printable; null where there was none, or where it is not shown.</param>
/// <param name="After">The new value, likewise.</param>
public sealed record JsonChange(string Pointer, ChangeKind Kind, string? Before, string? After)
{
    /// <summary>The change in one line.</summary>
    /// <returns>E.g. <c>/metadata/rows: 100 -> 120</c>.</returns>
    public override string ToString() => Kind switch
    {
        ChangeKind.Added => $"{Pointer}: + {After}",
        ChangeKind.Removed => $"{Pointer}: - {Before}",
        ChangeKind.Rewritten => $"{Pointer}: the same values, written differently",
        _ when Before is null => $"{Pointer}: changed",
        _ => $"{Pointer}: {Before} -> {After}",
    };
}
