using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Makes the views of a tab's inputs.</summary>
internal static class InputViews
{
    private const int MostExamples = 12;
    private const int LongestChip = 48;

    /// <summary>Makes them, in the tab's order.</summary>
    /// <param name="tab">The tab.</param>
    /// <param name="index">Its place among all tabs.</param>
    /// <param name="verifications">What came of running examples.</param>
    /// <param name="detected">What was found for this visitor.</param>
    /// <returns>The views.</returns>
    public static List<InputView> Of(ExplainedTab tab, int index, ImmutableArray<ExampleVerification> verifications, ImmutableArray<DetectedFeature> detected)
    {
        var verified = verifications.Where(v => v.Tab == index).ToLookup(v => (v.Input, v.Example));
        var found = detected.DistinctBy(d => d.Feature).ToDictionary(d => d.Feature, StringComparer.Ordinal);
        return [.. tab.Inputs.Select((input, i) => Make(input, i, verified, found.GetValueOrDefault(input.Name)))];
    }

    private static InputView Make(ExplainedInput input, int place, ILookup<(string Input, int Example), ExampleVerification> verified, DetectedFeature? detected)
    {
        var title = string.IsNullOrWhiteSpace(input.Feature?.Name) ? null : input.Feature.Name;
        var kind = FieldKinds.Of(input);
        return new InputView
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"i{place}"),
            Name = input.Name,
            Title = title,
            Explanation = SaysMore(input.Explanation, title) ? input.Explanation : null,
            Kind = kind,
            Type = kind == FieldKind.Any && !string.IsNullOrWhiteSpace(input.Feature?.Kind) ? input.Feature.Kind : FieldKinds.Word(kind),
            Required = input.Required,
            Importance = input.Importance,
            Examples = [.. input.Examples.Take(MostExamples).Select((e, i) => Show(e, verified[(input.Name, i)].FirstOrDefault()))],
            MoreExamples = Math.Max(0, input.Examples.Length - MostExamples),
            IsSupplied = input.Source != InputSource.Caller || detected is not null,
            Detected = detected,
        };
    }

    private static ExampleView Show(RawJson example, ExampleVerification? verification)
    {
        var json = example.ToString().Trim(' ', '\t', '\r', '\n');
        var shown = SafeJson.Show(json);
        return new ExampleView(json, shown.Length <= LongestChip ? shown : string.Concat(shown.AsSpan(0, char.IsHighSurrogate(shown[LongestChip - 1]) ? LongestChip - 1 : LongestChip), "…"), verification);
    }

    /// <summary>What was made from a feature's name and type says nothing that does not stand above it already.</summary>
    private static bool SaysMore(string? explanation, string? title)
    {
        var repeats = title is not null && (explanation == title || (explanation?.StartsWith(title + " (", StringComparison.Ordinal) == true && explanation.EndsWith(')')));
        return !string.IsNullOrWhiteSpace(explanation) && !repeats;
    }
}
