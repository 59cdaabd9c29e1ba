using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Features;

/// <summary>
/// Finds which feature of a model is which fact: by configuration, else by its name, which is believed only where its type and its values do not speak against it.
/// </summary>
public static class FeatureMatcher
{
    private const int LongestShown = 60;

    /// <summary>Matches.</summary>
    /// <param name="features">The features of a model.</param>
    /// <param name="options">The settings.</param>
    /// <param name="plugin">The plugin's name, for what the settings say of it alone; null for none.</param>
    /// <returns>For every feature what it is taken for and why, in their order.</returns>
    public static ImmutableArray<FeatureMatch> Match(ImmutableArray<FeatureDescriptor> features, FeatureOptions options, string? plugin = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var own = plugin is not null && options.Plugins.TryGetValue(plugin, out var said) ? said : ImmutableDictionary<string, string>.Empty;
        var byPlugin = Fold(own);
        var byOptions = Fold(options.Names);
        return [.. features.Select(f => Match(f, own, byPlugin, byOptions))];
    }

    private static FeatureMatch Match(FeatureDescriptor feature, IDictionary<string, string> own, Dictionary<string, string> byPlugin, Dictionary<string, string> byOptions)
    {
        var name = string.IsNullOrWhiteSpace(feature.Name) ? feature.Key : feature.Name;
        var folded = FeatureNameFold.Fold(name);
        if (own.TryGetValue(feature.Key, out var fact) || byPlugin.TryGetValue(folded, out fact))
        {
            return Said(feature, fact, "the settings of the plugin say so");
        }

        if (byOptions.TryGetValue(folded, out fact))
        {
            return Said(feature, fact, "the settings say so");
        }

        if (FactTable.ByFeatureName(folded) is not { } found)
        {
            var near = NearMiss.Find(folded, FactTable.Names) is { } meant ? $"; did you mean {FactTable.ByFeatureName(meant)!.Value.Fact.Fact}?" : "";
            return new FeatureMatch(feature, null, "its name is that of no known fact" + near);
        }

        return Against(feature, found.Fact) is { } reason
            ? new FeatureMatch(feature, null, $"it is called like {found.Fact.Fact}, but {reason}")
            : new FeatureMatch(feature, found.Fact.Fact, "its name", found.Spelling);
    }

    private static FeatureMatch Said(FeatureDescriptor feature, string fact, string why)
        => fact == FeatureFacts.None ? new FeatureMatch(feature, null, why) : new FeatureMatch(feature, fact, why);

    private static Dictionary<string, string> Fold(IDictionary<string, string> names)
    {
        var folded = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, fact) in names)
        {
            folded[FeatureNameFold.Fold(name)] = fact;
        }

        return folded;
    }

    /// <summary>What speaks against a feature being a fact; null where nothing does.</summary>
    private static string? Against(FeatureDescriptor feature, FactDescription fact)
    {
        var needed = feature.NativeType switch
        {
            NativeType.Boolean => FactForms.Flag,
            NativeType.Integer or NativeType.Float => FactForms.Number,
            NativeType.String => FactForms.Text,
            _ => fact.Forms,
        };
        if ((fact.Forms & needed) == 0)
        {
            return $"its native type is {feature.NativeType.ToString().ToLowerInvariant()}";
        }

        var known = feature.Values.Concat(feature.Examples).ToList();
        var texts = known.Select(RawToken.TextOf).OfType<string>().ToList();
        if (fact.Vocabulary.Count > 0 && texts.Count > 0 && !texts.Exists(t => IsIn(fact.Vocabulary, t)))
        {
            return $"its values are not ({PrintableText.Escape(string.Join(", ", texts.Take(3)), maxLength: LongestShown)})";
        }

        return fact.Greatest is { } greatest && known.Where(v => RawToken.KindOf(v) == JsonTokenType.Number).Select(v => v.ToString()).FirstOrDefault(n => !IsUpTo(n, greatest)) is { } wrong
            ? $"its values are not ({PrintableText.Escape(wrong, maxLength: LongestShown)})"
            : null;
    }

    private static bool IsUpTo(string number, int greatest)
        => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsInteger(value) && value >= 0 && value <= greatest;

    private static bool IsIn(IReadOnlyList<FactValue> vocabulary, string text)
    {
        // nl-BE is a language although only nl is in the table.
        var dash = text.IndexOfAny(['-', '_']);
        return vocabulary.Any(v => Is(v, text)) || (dash == 2 && vocabulary.Any(v => string.Equals(v.Text, text[..dash], StringComparison.OrdinalIgnoreCase)));
    }

    private static bool Is(FactValue value, string text)
        => string.Equals(value.Text, text, StringComparison.OrdinalIgnoreCase) || value.Others.Any(o => string.Equals(o, text, StringComparison.OrdinalIgnoreCase));
}
