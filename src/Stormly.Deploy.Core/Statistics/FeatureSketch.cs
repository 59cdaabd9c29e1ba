using System.Globalization;
using System.Numerics;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Statistics;

/// <summary>What is known of the values of one feature: the most frequent ones, and of numbers how they lie. Not for several threads at once.</summary>
internal sealed class FeatureSketch(NativeType type, bool numerical, SketchSize size)
{
    private const int Digits = 3;

    /// <summary>Greater powers of ten are not exact.</summary>
    private const int ExactPower = 22;

    private static readonly double[] Parts = [0.5, 0.25, 0.75, 0.05, 0.95];

    private static readonly double[] Powers = [.. Enumerable.Range(0, ExactPower + 1).Select(p => Math.Pow(10, p))];

    public NativeType Type => type;

    public bool Numerical => numerical;

    public HeavyHitters Values { get; } = new(size.Values);

    public QuantileSketch Numbers { get; } = new(size.Width);

    /// <summary>A set in which each caller has one bit.</summary>
    public ulong Callers { get; set; }

    /// <summary>What it takes, as counted.</summary>
    public long Bytes => SketchSize.FeatureBytes + Values.Bytes + Numbers.Bytes;

    /// <summary>Makes the sketch of a feature.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="size">How large it may be.</param>
    /// <returns>The sketch.</returns>
    public static FeatureSketch Of(FeatureDescriptor feature, SketchSize size) => new(feature.NativeType, IsNumerical(feature), size);

    public static bool IsNumerical(FeatureDescriptor feature)
        => feature.NativeType is NativeType.Integer or NativeType.Float || (feature.NativeType == NativeType.Unknown && feature.Kind == "numerical");

    /// <summary>Counts a value.</summary>
    /// <param name="text">Its text, as <see cref="ScalarText"/> writes it.</param>
    /// <param name="number">What a number says; NaN for everything else.</param>
    /// <param name="caller">The caller's bit.</param>
    public void Add(ReadOnlySpan<byte> text, double number, ulong caller)
    {
        Values.Add(text, caller);
        Callers |= caller;
        if (numerical && double.IsFinite(number))
        {
            Numbers.Add(Round(number));
        }
    }

    public void Halve()
    {
        Values.Halve();
        Numbers.Halve();
    }

    /// <summary>What it holds.</summary>
    /// <param name="keep">Which values are kept by name; all others lose their counts.</param>
    /// <returns>The state.</returns>
    public SketchState Read(Func<CountedValue, bool> keep)
    {
        var all = Values.Read();
        var kept = all.Where(keep).ToList();
        return new SketchState
        {
            Total = Values.Total,
            Floor = Math.Max(Values.MaxError, all.Except(kept).Select(v => v.Count).DefaultIfEmpty(0).Max()),
            Values = kept,
            RankError = Numbers.MaxRankError,
            Levels = Numbers.ReadLevels(),
            Callers = Callers,
        };
    }

    /// <summary>Goes on from what another one held.</summary>
    /// <param name="state">What it held.</param>
    public void Restore(SketchState state)
    {
        Values.Restore(state.Total, state.Floor, state.Values);
        Callers = state.Callers;
        if (numerical)
        {
            Numbers.Restore(state.RankError, state.Levels);
        }
    }

    /// <summary>
    /// What may be shown of it. A number that is frequent enough stands for itself; where none is, the median stands for all. Numbers between are rounded to three digits,
    /// so that they are nobody's own.
    /// </summary>
    /// <param name="count">How often a value must have been seen.</param>
    /// <param name="callers">From how many callers.</param>
    /// <param name="most">How many values are wanted.</param>
    /// <returns>The values, most common first; empty where too little is known.</returns>
    public List<RawJson> Show(int count, int callers, int most)
    {
        var shown = Frequent(count, callers).Select(v => v.Value).Take(most).ToList();
        if (numerical && Numbers.Total >= count && BitOperations.PopCount(Callers) >= callers && shown.Count < Math.Min(most, Parts.Length))
        {
            shown.AddRange(Parts.Select(part => Write(Numbers.Quantile(part))).Where(n => !shown.Contains(n)).Distinct().Take(most - shown.Count).ToList());
        }

        return shown;
    }

    /// <summary>The values that are frequent enough.</summary>
    /// <param name="count">How often at least.</param>
    /// <param name="callers">From how many callers at least.</param>
    /// <returns>The values, most common first.</returns>
    public IEnumerable<CountedValue> Frequent(int count, int callers) => Values.Read().Where(v => v.Least >= count && v.LeastCallers >= callers);

    private RawJson Write(double number)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        var written = (type == NativeType.Integer ? Math.Round(number) : number).ToString("R", CultureInfo.InvariantCulture);
        var length = NumberText.Write(System.Text.Encoding.ASCII.GetBytes(written), text);
        return new RawJson(text[..length].ToArray());
    }

    private static double Round(double number)
    {
        var power = number == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(number))) - (Digits - 1);
        return power switch
        {
            < -ExactPower or > ExactPower => double.Parse(number.ToString($"E{Digits - 1}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            < 0 => Math.Round(number * Powers[-power]) / Powers[-power],
            _ => Math.Round(number / Powers[power]) * Powers[power],
        };
    }
}
