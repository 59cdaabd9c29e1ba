using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.AspNetCore.Pages.Snippets;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Chooses what a page shows of a description: one tab, and of long lists their beginning. The rest is in the documents that the page links to.</summary>
internal static class ExplainViewBuilder
{
    private const int MostOutputs = 20;
    private const int LongestOutput = 4000;

    /// <summary>Makes the view.</summary>
    /// <param name="description">What is known of the plugin.</param>
    /// <param name="health">How it fares.</param>
    /// <param name="detected">What was found for this visitor.</param>
    /// <param name="address">Where the page is.</param>
    /// <param name="wantedTab">The slug of the tab that was asked for; the first tab is shown where there is none of that name.</param>
    /// <returns>The view.</returns>
    public static ExplainView Build(PluginDescription description, HealthView health, ImmutableArray<DetectedFeature> detected, PageAddress address, string? wantedTab)
    {
        var tabs = description.Explanation.Tabs;
        var slugs = TabSlugs.Of(tabs);
        var current = Math.Max(0, slugs.IndexOf(wantedTab ?? ""));
        var tab = tabs[current];
        var inputs = InputViews.Of(tab, current, description.Verifications, detected);
        ImmutableArray<RawJson> outputs = tab.Outputs.IsEmpty && description.LastAnswer is { } last ? [last] : tab.Outputs;
        var shape = outputs.IsEmpty ? null : OutputShape.Of(outputs);
        var sections = Divide(inputs);
        var first = RequestText.Write(sections.SelectMany(s => s.Inputs).Where(i => i.First is not null).Select(i => KeyValuePair.Create(i.Name, i.First!)));
        return new ExplainView
        {
            Plugin = description.Plugin.Value,
            Revision = description.Revision.Short,
            Address = address,
            Health = health,
            Sentence = Sentence(inputs, shape),
            Tabs = tabs.Length == 1 ? [] : [.. tabs.Select((t, i) => new TabLink(slugs[i], t.Title ?? slugs[i], i == current))],
            Shape = shape,
            Outputs = [.. outputs.Take(MostOutputs).Select((o, i) => Show(o, tab.Outputs.IsEmpty ? "The last real answer" : outputs.Length == 1 ? "Example" : string.Create(CultureInfo.InvariantCulture, $"Example {i + 1}")))],
            MoreOutputs = Math.Max(0, outputs.Length - MostOutputs),
            Sections = sections,
            Snippets = Snippet.All(address.Absolute, first),
            IsExplained = IsExplained(tabs),
        };
    }

    private static List<SectionView> Divide(List<InputView> inputs)
    {
        SectionView[] all =
        [
            new("supply", "You supply", "Every request needs these.", [.. inputs.Where(i => i is { Required: true, IsSupplied: false })]),
            new("optional", "Optional, makes the answer better", "Leave out what you do not know. The most important stand first.", [.. ByImportance(inputs.Where(i => i is { Required: false, IsSupplied: false }))]),
            new("detected", "Detected for you", "Found out by itself with each request. A value that you send wins.", [.. ByImportance(inputs.Where(i => i.IsSupplied))]),
        ];
        return [.. all.Where(s => s.Inputs.Count > 0)];
    }

    private static IEnumerable<InputView> ByImportance(IEnumerable<InputView> inputs) => inputs.OrderByDescending(i => i.Importance ?? -1);

    private static OutputView Show(RawJson output, string name)
    {
        var (pieces, whole) = JsonLayout.Of(output, LongestOutput);
        return new OutputView(name, pieces, whole);
    }

    private static bool IsExplained(ImmutableArray<ExplainedTab> tabs)
        => tabs.Length > 1 || tabs[0].Title is not null || !tabs[0].Outputs.IsEmpty || tabs[0].Inputs.Any(i => i.Feature is null || i.Importance is not null);

    private static string Sentence(List<InputView> inputs, OutputShape? shape)
    {
        const int MostNames = 3;
        var required = inputs.Count(i => i is { Required: true, IsSupplied: false });
        var more = inputs.Count - required;
        var send = (required, more) switch
        {
            (0, 0) => "Send one JSON request",
            (0, _) => $"Send up to {Count(more, "value")}",
            (_, 0) => $"Send {Count(required, "value")}",
            _ => $"Send {Count(required, "value")}, add up to {Count(more, "more", "more")} for a better answer",
        };
        var names = shape?.Fields.Take(MostNames).Select(f => f.Name).ToList() ?? [];
        var rest = shape is null ? 0 : shape.Fields.Count + shape.More - names.Count;
        var back = names.Count == 0 ? "a JSON answer" : rest > 0 ? $"{string.Join(", ", names)} and {Count(rest, "more", "more")}" : Join(names);
        return required > 0 && more > 0 ? $"{send}, and get {back} back." : $"{send} and get {back} back.";
    }

    private static string Join(List<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";

    private static string Count(int count, string one, string? many = null)
        => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
