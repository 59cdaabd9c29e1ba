using System.Collections.Immutable;

namespace Stormly.Deploy.Scaling;

/// <summary>
/// Demand by seconds, and its average over the newest of them. Rules of Knative's buckets: as long as the window is not full the average is over what there
/// is, seconds without a value count as 0, and where the newest seconds are missing the window is shorter by them.
/// </summary>
internal sealed record DemandWindow
{
    private const double Precision = 1_000_000;

    private DemandWindow(int length) => Length = length;

    /// <summary>How many seconds count.</summary>
    public int Length { get; }

    /// <summary>The values of the seconds up to <see cref="Last"/>, without a gap.</summary>
    public ImmutableArray<double> Values { get; private init; } = [];

    /// <summary>The newest second that has a value.</summary>
    public long Last { get; private init; }

    public static DemandWindow Of(int seconds) => new(seconds);

    /// <summary>Adds to the value of a second.</summary>
    /// <param name="second">Which, counted by the monotonic clock.</param>
    /// <param name="value">The requests in flight.</param>
    /// <returns>The window with it; the same where the second is too long ago.</returns>
    public DemandWindow Record(long second, double value)
    {
        if (Values.IsEmpty || second - Last >= Length)
        {
            return this with { Values = [value], Last = second };
        }

        if (second <= Last)
        {
            var place = Values.Length - 1 - (int)Math.Min(Last - second, Values.Length);
            return place < 0 ? this : this with { Values = Values.SetItem(place, Values[place] + value) };
        }

        var gap = (int)(second - Last) - 1;
        var surplus = Math.Max(0, Values.Length + gap + 1 - Length);
        return this with { Values = [.. Values.Skip(surplus), .. Enumerable.Repeat(0.0, gap), value], Last = second };
    }

    /// <summary>The average as seen at a second, rounded down to six digits.</summary>
    /// <param name="second">The second.</param>
    /// <returns>The average; null where nothing was recorded for longer than the window.</returns>
    public double? Average(long second)
    {
        var late = Math.Max(0, second - Last);
        if (Values.IsEmpty || late > Length)
        {
            return null;
        }

        var counted = (int)Math.Min(Values.Length, Length - late);
        return counted == 0 ? 0 : Math.Floor(Values.Skip(Values.Length - counted).Sum() / counted * Precision) / Precision;
    }

    public bool Equals(DemandWindow? other) => other is not null && Length == other.Length && Last == other.Last && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Length, Last, Values.Length);
}
