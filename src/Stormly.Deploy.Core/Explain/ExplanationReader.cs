using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Explain;

/// <summary>Reads <c>http.explain</c> and adds the manifest's features to it. A piece that is wrong is left out with a warning; the rest stays.</summary>
public static class ExplanationReader
{
    private const string Root = "/http/explain";

    private static readonly string[] TabKeys = ["title", "params"];

    /// <summary>Reads an explanation.</summary>
    /// <param name="stage">The stage that gave it, for messages.</param>
    /// <param name="explain">The merged <c>http.explain</c>; null where no stage gave one.</param>
    /// <param name="features">The manifest's features; every tab gets those that it does not describe itself.</param>
    /// <returns>The explanation, with at least one tab, and every problem.</returns>
    public static ExplanationReading Read(string stage, RawJson? explain, ImmutableArray<FeatureDescriptor> features)
        => Read(stage, explain, features, ImmutableDictionary<string, InputSource>.Empty);

    /// <summary>Reads an explanation where features are supplied by others than the caller: those are never required.</summary>
    /// <param name="stage">The stage that gave it, for messages.</param>
    /// <param name="explain">The merged <c>http.explain</c>; null where no stage gave one.</param>
    /// <param name="features">The manifest's features; every tab gets those that it does not describe itself.</param>
    /// <param name="sources">Who supplies a feature, by its key; a feature that is not in it is the caller's to supply.</param>
    /// <returns>The explanation, with at least one tab, and every problem.</returns>
    public static ExplanationReading Read(string stage, RawJson? explain, ImmutableArray<FeatureDescriptor> features, IReadOnlyDictionary<string, InputSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var reading = ReadAsWritten(stage, explain, features);
        return sources.Count == 0 ? reading : reading with { Explanation = new PluginExplanation { Tabs = [.. reading.Explanation.Tabs.Select(t => Supply(t, sources))] } };
    }

    private static ExplainedTab Supply(ExplainedTab tab, IReadOnlyDictionary<string, InputSource> sources)
        => tab with { Inputs = [.. tab.Inputs.Select(i => i.Feature is not null && sources.TryGetValue(i.Name, out var source) && source != InputSource.Caller ? i with { Source = source, Required = false } : i)] };

    private static ExplanationReading ReadAsWritten(string stage, RawJson? explain, ImmutableArray<FeatureDescriptor> features)
    {
        var problems = new ProblemList(stage, origin: null);
        var tabs = explain is { } value && IsReadable(stage, value, problems) ? ReadTabs(value, features, problems) : [];
        if (tabs.IsEmpty)
        {
            tabs = [new TabReader(Root, features, problems).Empty()];
        }

        return new ExplanationReading(new PluginExplanation { Tabs = tabs }, problems.ToImmutable());
    }

    /// <summary>The value came out of a checked document, or from a host application that may have made it itself.</summary>
    private static bool IsReadable(string stage, RawJson value, ProblemList problems)
    {
        var found = new ProblemList(stage, origin: null);
        if (JsonCheck.Run(value.Utf8, lenient: false, found) is not null)
        {
            return true;
        }

        foreach (var problem in found.ToImmutable())
        {
            problems.Warning(Root + problem.Pointer, problem.Rule, problem.Remedy, position: problem.Position);
        }

        return false;
    }

    private static ImmutableArray<ExplainedTab> ReadTabs(RawJson value, ImmutableArray<FeatureDescriptor> features, ProblemList problems)
    {
        switch (RawToken.KindOf(value))
        {
            case JsonTokenType.StartObject:
                return [new TabReader(Root, features, problems).Read(title: null, value)];
            case JsonTokenType.StartArray:
                return ReadTabArray(RawToken.Items(value), features, problems);
            default:
                problems.Warning(Root, "must be an object, or an array of tabs", "Write {\"output\": [...], \"inputs\": {...}}.", value.Utf8.Span);
                return [];
        }
    }

    private static ImmutableArray<ExplainedTab> ReadTabArray(List<RawJson> items, ImmutableArray<FeatureDescriptor> features, ProblemList problems)
    {
        if (items.Count is 0 or > ExplainLimits.MaxTabs)
        {
            problems.Warning(Root, $"must have 1 to {ExplainLimits.MaxTabs} tabs, this has {items.Count}", "Write one object for each tab.");
        }

        var tabs = ImmutableArray.CreateBuilder<ExplainedTab>();
        for (var i = 0; i < Math.Min(items.Count, ExplainLimits.MaxTabs); i++)
        {
            if (ReadTab(items[i], i, features, problems) is { } tab)
            {
                tabs.Add(tab);
            }
        }

        return tabs.DrainToImmutable();
    }

    private static ExplainedTab? ReadTab(RawJson item, int index, ImmutableArray<FeatureDescriptor> features, ProblemList problems)
    {
        const string Remedy = "Write {\"title\": \"...\", \"params\": {\"output\": [...], \"inputs\": {...}}}.";
        var pointer = $"{Root}/{index}";
        if (RawToken.KindOf(item) != JsonTokenType.StartObject)
        {
            problems.Warning(pointer, "must be an object with title and params", Remedy, item.Utf8.Span);
            return null;
        }

        var members = new ExplainMembers(pointer, item, problems);
        members.WarnUnknown(TabKeys);
        var title = members.Text("title", ExplainLimits.MaxTitle);
        if (string.IsNullOrWhiteSpace(title))
        {
            problems.Warning($"{pointer}/title", "must be a text that names the tab", $"It is shown as \"Tab {index + 1}\".");
            title = $"Tab {index + 1}";
        }

        if (members.Find("params") is { } tab && RawToken.KindOf(tab) == JsonTokenType.StartObject)
        {
            return new TabReader($"{pointer}/params", features, problems).Read(title, tab);
        }

        problems.Warning($"{pointer}/params", "must be an object with output and inputs", Remedy);
        return null;
    }
}
