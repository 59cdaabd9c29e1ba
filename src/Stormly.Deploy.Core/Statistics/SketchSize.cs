using System.Numerics;

namespace Stormly.Deploy.Statistics;

/// <summary>How large the sketches of one feature are, so that all of a plugin's together stay within their bound. Pure.</summary>
/// <param name="Values">How many values are counted at once.</param>
/// <param name="Width">How many numbers lie on one level.</param>
/// <param name="Features">How many features there is room for.</param>
internal readonly record struct SketchSize(int Values, int Width, int Features)
{
    /// <summary>What a feature takes beside its sketches.</summary>
    public const int FeatureBytes = 512;

    private const int FewestValues = 8;
    private const int LeastWidth = 16;
    private const int GreatestWidth = 128;

    /// <summary>Shares a bound out.</summary>
    /// <param name="features">How many features there are.</param>
    /// <param name="bytes">What all of them may take.</param>
    /// <param name="options">The greatest sizes.</param>
    /// <returns>The sizes; where even the least are too much for all, only the first features have room.</returns>
    public static SketchSize Of(int features, long bytes, StatisticsOptions options)
    {
        var longest = Math.Max(options.Window, options.MaxRows);
        var value = HeavyHitters.CounterBytes + (long)options.MaxValueBytes;
        var least = FeatureBytes + (FewestValues * value) + Quantiles(LeastWidth, longest);
        var room = (int)Math.Min(features, bytes / least);
        if (room == 0)
        {
            return new SketchSize(FewestValues, LeastWidth, 0);
        }

        var part = (bytes / room) - FeatureBytes;
        var width = GreatestWidth;
        while (width > LeastWidth && Quantiles(width, longest) > part / 2)
        {
            width /= 2;
        }

        var values = (int)Math.Clamp((part - Quantiles(width, longest)) / value, FewestValues, options.ValuesPerFeature);
        return new SketchSize(values, width, room);
    }

    /// <summary>The most that the levels of a width take for so many numbers: each holds twice what the one below holds, and two stand beside.</summary>
    private static long Quantiles(int width, long numbers) => (BitOperations.Log2((ulong)Math.Max(1, numbers / width)) + 3) * QuantileSketch.LevelBytes(width);
}
