using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Statistics;

/// <summary>Counts the values of a plugin's declared features, and of nothing else. Not for several threads at once.</summary>
internal sealed class FeatureTally
{
    private const int LongestName = 256;

    private readonly Dictionary<string, FeatureSketch> _sketches = new(StringComparer.Ordinal);
    private readonly int _maxValueBytes;

    /// <summary>Makes an empty one.</summary>
    /// <param name="features">The features that are counted.</param>
    /// <param name="bytes">What all of it may take.</param>
    /// <param name="options">The sizes.</param>
    public FeatureTally(ImmutableArray<FeatureDescriptor> features, long bytes, StatisticsOptions options)
    {
        var size = SketchSize.Of(features.Length, bytes, options);
        _maxValueBytes = options.MaxValueBytes;
        foreach (var feature in features.Take(size.Features))
        {
            _sketches[feature.Key] = FeatureSketch.Of(feature, size);
        }
    }

    public IReadOnlyDictionary<string, FeatureSketch> Sketches => _sketches;

    /// <summary>How many requests or rows were counted, as they count now.</summary>
    public long Samples { get; set; }

    /// <summary>What it takes, as counted.</summary>
    public long Bytes => _sketches.Values.Sum(s => s.Bytes);

    /// <summary>Takes over what another one knows of the same features.</summary>
    /// <param name="other">The other one, not to be used any more.</param>
    public void TakeOver(FeatureTally other)
    {
        if (other == this)
        {
            return;
        }

        Samples = other.Samples;
        foreach (var (key, sketch) in other._sketches)
        {
            if (_sketches.TryGetValue(key, out var mine) && (mine.Type, mine.Numerical) == (sketch.Type, sketch.Numerical))
            {
                mine.Restore(sketch.Read(static _ => true));
            }
        }
    }

    /// <summary>Counts one request's props, or one row.</summary>
    /// <param name="reader">Stands on the object; the text is known to be JSON.</param>
    /// <param name="caller">The caller's bit.</param>
    [SkipLocalsInit]
    public void Add(ref Utf8JsonReader reader, ulong caller)
    {
        Samples++;
        var lookup = _sketches.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> name = stackalloc char[LongestName];
        Span<byte> text = stackalloc byte[_maxValueBytes];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = reader.ValueSpan.Length <= LongestName && lookup.TryGetValue(name[..reader.CopyString(name)], out var sketch) ? sketch : null;
            reader.Read();
            if (known is null)
            {
                reader.Skip();
                continue;
            }

            ScalarText.Read(ref reader, known.Type, text, out var length, out var number);
            if (length > 0)
            {
                known.Add(text[..length], number, caller);
            }

            reader.Skip();
        }
    }

    /// <summary>Whether a value would be counted by this very text.</summary>
    /// <param name="sketch">The feature's sketch.</param>
    /// <param name="value">JSON text.</param>
    /// <returns>Whether it would.</returns>
    public bool Counts(FeatureSketch sketch, RawJson value)
    {
        var reader = new Utf8JsonReader(value.Utf8.Span);
        reader.Read();
        Span<byte> text = stackalloc byte[_maxValueBytes];
        ScalarText.Read(ref reader, sketch.Type, text, out var length, out _);
        return length > 0 && text[..length].SequenceEqual(value.Utf8.Span);
    }

    public void Halve()
    {
        Samples /= 2;
        foreach (var sketch in _sketches.Values)
        {
            sketch.Halve();
        }
    }
}
