using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>Turns an explanation and the features of a model into the table that requests are checked with.</summary>
internal static class InputCompiler
{
    private const int LongestExplanation = 500;

    /// <summary>Compiles.</summary>
    /// <param name="explanation">The explanation with features added: it alone says what is required.</param>
    /// <param name="features">The features: they say types and common values.</param>
    /// <returns>The table. <c>now</c> is not in it: the library itself supplies it.</returns>
    public static InputTable Compile(PluginExplanation explanation, ImmutableArray<FeatureDescriptor> features)
    {
        var byKey = features.DistinctBy(f => f.Key).ToDictionary(f => f.Key);
        var explained = explanation.Tabs.SelectMany(t => t.Inputs).Where(i => i.Name != "now").GroupBy(i => i.Name).ToList();
        var inputs = new List<KnownInput>();
        foreach (var group in explained)
        {
            var feature = byKey.GetValueOrDefault(group.Key) ?? group.Select(i => i.Feature).FirstOrDefault(f => f is not null);
            inputs.Add(feature is null ? Custom(inputs.Count, [.. group]) : Feature(inputs.Count, feature, [.. group]));
        }

        var names = explained.Select(g => g.Key).ToHashSet();
        foreach (var feature in byKey.Values.Where(f => !names.Contains(f.Key)))
        {
            inputs.Add(Feature(inputs.Count, feature, []));
        }

        var index = inputs.ToDictionary(i => i.Name, i => i.Index);
        var tabs = explanation.Tabs.Select(t => Needs(t, index)).ToImmutableArray();
        return new InputTable([.. inputs], tabs.IsEmpty ? [new TabNeeds(null, new ulong[InputTable.WordsFor(inputs.Count)])] : tabs);
    }

    private static TabNeeds Needs(ExplainedTab tab, Dictionary<string, int> index)
    {
        var required = new ulong[InputTable.WordsFor(index.Count)];
        foreach (var input in tab.Inputs.Where(i => i.Required && index.ContainsKey(i.Name)))
        {
            var bit = index[input.Name];
            required[bit / 64] |= 1UL << (bit % 64);
        }

        return new TabNeeds(tab.Title is null ? null : PrintableText.Escape(tab.Title, maxLength: 80), required);
    }

    private static KnownInput Custom(int index, ExplainedInput[] explained)
    {
        var examples = explained.SelectMany(i => i.Examples).ToList();
        return new KnownInput
        {
            Index = index,
            Name = explained[0].Name,
            NameUtf8 = Encoding.UTF8.GetBytes(explained[0].Name),
            MemberStart = Start(explained[0].Name),
            Type = NativeType.Unknown,
            Explanation = Explain(explained),
            StatusMember = examples.Count == 0 ? null : Member(explained[0].Name, examples[0]),
        };
    }

    private static KnownInput Feature(int index, FeatureDescriptor feature, ExplainedInput[] explained)
    {
        var common = feature.MostCommon is { } value && !value.Utf8.Span.SequenceEqual("null"u8) ? feature.MostCommon : null;
        return new KnownInput
        {
            Index = index,
            Name = feature.Key,
            NameUtf8 = Encoding.UTF8.GetBytes(feature.Key),
            MemberStart = Start(feature.Key),
            Type = feature.NativeType,
            Explanation = Explain(explained),
            RequestMember = common is { } known ? Member(feature.Key, known) : null,
            StatusMember = Member(feature.Key, common ?? Neutral(feature)),
        };
    }

    /// <summary>The value of a feature of which nothing is known: by its native type, else by its kind.</summary>
    private static RawJson Neutral(FeatureDescriptor feature) => RawJson.FromText(feature.NativeType switch
    {
        NativeType.Boolean => "false",
        NativeType.Integer => "0",
        NativeType.Float => "0",
        NativeType.Unknown when feature.Kind == "numerical" => "0",
        _ => "\"\"",
    });

    private static string? Explain(ExplainedInput[] explained)
        => explained.Select(i => i.Explanation).FirstOrDefault(e => !string.IsNullOrWhiteSpace(e)) is { } text
            ? PrintableText.Escape(text, keepLineBreaks: true, maxLength: LongestExplanation)
            : null;

    private static byte[] Member(string name, RawJson value) => [.. Start(name), .. value.Utf8.Span];

    private static byte[] Start(string name) => Encoding.UTF8.GetBytes($",\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)}\":");
}
