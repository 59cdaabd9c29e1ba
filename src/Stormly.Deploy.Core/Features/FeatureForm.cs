using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Features;

/// <summary>How a fact is written for one feature: in its native type, and spelled as the model knows it.</summary>
internal sealed class FeatureForm
{
    private readonly NativeType _type;
    private readonly FrozenDictionary<string, RawJson> _texts;
    private readonly FrozenSet<double> _numbers;
    private readonly bool _isClosed;
    private readonly int _spelling;
    private readonly bool _isLower;
    private readonly bool _countsFromOne;

    /// <summary>Compiles a form.</summary>
    /// <param name="match">The feature and its fact.</param>
    /// <param name="sendUnseen">Whether values are sent that the metadata's list does not hold.</param>
    public FeatureForm(FeatureMatch match, bool sendUnseen)
    {
        var feature = match.Feature;
        var known = feature.Values.Concat(feature.Examples).ToList();
        _type = feature.NativeType != NativeType.Unknown ? feature.NativeType : Guess(feature, known);
        _texts = known.Select(v => (Text: RawToken.TextOf(v), Value: v)).Where(t => t.Text is not null).DistinctBy(t => t.Text!, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(t => t.Text!, t => t.Value, StringComparer.OrdinalIgnoreCase);
        _numbers = Numbers(known).ToFrozenSet();
        _isClosed = !sendUnseen && !feature.Values.IsEmpty && feature.Kind != "numerical";
        _isLower = _texts.Count > 0 && !_texts.Keys.Any(t => t.Any(char.IsUpper)) && _texts.Keys.Any(t => t.Any(char.IsLower));
        _countsFromOne = match.Fact == FeatureFacts.DayOfWeek && _numbers.Contains(7);
        _spelling = FactTable.Find(match.Fact!) is { } fact ? Spelling(fact, match.Spelling) : match.Spelling;
    }

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its JSON text; null where it has no form that the feature takes, or where the model has never seen it.</returns>
    public RawJson? Write(FactValue value) => _type switch
    {
        NativeType.Boolean => value.Flag is { } flag ? RawJson.FromText(flag ? "true" : "false") : null,
        NativeType.Integer => NumberOf(value) is { } whole && double.IsInteger(whole) ? Number(whole) : null,
        NativeType.Float => NumberOf(value) is { } number && double.IsFinite(number) ? Number(number) : null,
        _ => Text(value),
    };

    /// <summary>A feature with a seventh day counts days as ISO 8601 does, whatever the settings say.</summary>
    private double? NumberOf(FactValue value) => _countsFromOne && ClockValues.IsoDay(value) is { } day ? day : value.Number;

    private RawJson? Number(double number)
        => _isClosed && _numbers.Count > 0 && !_numbers.Contains(number) ? null : RawJson.FromText(number.ToString("R", CultureInfo.InvariantCulture));

    private RawJson? Text(FactValue value)
    {
        if (value.Text is null)
        {
            return null;
        }

        if (Known(value.Exact) is { } exact)
        {
            return exact;
        }

        if (Known(value.Text) is { } usual)
        {
            return usual;
        }

        foreach (var other in value.Others)
        {
            if (Known(other) is { } found)
            {
                return found;
            }
        }

        if (_isClosed && _texts.Count > 0)
        {
            return null;
        }

        var text = _spelling == FactTable.Exact ? value.Exact ?? value.Text : _spelling > 0 && _spelling <= value.Others.Length ? value.Others[_spelling - 1] : value.Text;
        return RawJson.FromText($"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(_isLower ? text.ToLowerInvariant() : text)}\"");
    }

    private RawJson? Known(string? text) => text is not null && _texts.TryGetValue(text, out var known) ? known : null;

    /// <summary>The spelling that the known values are written in, where they are all written in one; else the one that the name asks for.</summary>
    private int Spelling(FactDescription fact, int asked)
    {
        var spellings = _texts.Keys.Select(t => SpellingOf(fact, t)).Where(s => s is not null).Distinct().ToList();
        return spellings is [{ } only] ? only : asked;
    }

    private static int? SpellingOf(FactDescription fact, string text)
    {
        foreach (var value in fact.Vocabulary)
        {
            if (string.Equals(value.Text, text, StringComparison.OrdinalIgnoreCase))
            {
                return FactTable.Usual;
            }

            for (var i = 0; i < value.Others.Length; i++)
            {
                if (string.Equals(value.Others[i], text, StringComparison.OrdinalIgnoreCase))
                {
                    return i + 1;
                }
            }
        }

        return fact.Fact == FeatureFacts.Language && text.Contains('-', StringComparison.Ordinal) ? FactTable.Exact : null;
    }

    private static NativeType Guess(FeatureDescriptor feature, List<RawJson> known) => known.Select(RawToken.KindOf).FirstOrDefault() switch
    {
        JsonTokenType.True or JsonTokenType.False => NativeType.Boolean,
        JsonTokenType.Number => NativeType.Float,
        JsonTokenType.String => NativeType.String,
        _ => feature.Kind == "numerical" ? NativeType.Float : NativeType.String,
    };

    private static IEnumerable<double> Numbers(List<RawJson> known)
    {
        foreach (var value in known)
        {
            var token = RawToken.Of(value);
            if (token.TokenType == JsonTokenType.Number && token.TryGetDouble(out var number))
            {
                yield return number;
            }
        }
    }
}
