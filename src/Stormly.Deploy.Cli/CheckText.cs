using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Spectre.Console;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Cli;

/// <summary>The report of <c>stormly check</c> for people.</summary>
internal static partial class CheckText
{
    private const int MaxValue = 100;

    public static void Write(PluginInput plugin, ImmutableArray<FeatureMatch> matches, IAnsiConsole console)
    {
        WriteValues(plugin, console);
        if (plugin.Manifest is { } manifest)
        {
            WriteFeatures(manifest, console);
            WriteMapping(matches, console);
        }

        if (plugin.Explanation is { } explanation)
        {
            WriteExplanation(explanation, console);
        }

        WriteProblems(plugin, console);
    }

    private static void WriteValues(PluginInput plugin, IAnsiConsole console)
    {
        console.MarkupLine($"[bold]http[/], merged from {ProblemText.Safe(plugin.Stages.IsEmpty ? "nothing" : string.Join(", ", plugin.Stages))}");
        foreach (var value in plugin.Http.Values)
        {
            var overrode = value.Overrode.IsEmpty ? "" : $", overrode {string.Join(", ", value.Overrode)}";
            console.MarkupLine(
                $"  {ProblemText.Safe(value.Key, MaxValue).PadRight(15)} {ProblemText.Safe(Shorten(value), MaxValue)}  [grey]({ProblemText.Safe(value.Stage + overrode)})[/]");
        }
    }

    private static void WriteFeatures(PluginManifest manifest, IAnsiConsole console)
    {
        console.MarkupLine($"[bold]features[/], {manifest.Features.Length} of stage {ProblemText.Safe(manifest.Stage)}");
        foreach (var feature in manifest.Features)
        {
            var common = feature.MostCommon is { } most ? $", mostly {most}" : "";
            var words = $"{feature.Name ?? "no name"} ({feature.Kind ?? "no type"}, {feature.NativeType}{common})";
            console.MarkupLine($"  {ProblemText.Safe(feature.Key, MaxValue)}  {ProblemText.Safe(words, MaxValue * 2)}");
        }
    }

    private static void WriteMapping(ImmutableArray<FeatureMatch> matches, IAnsiConsole console)
    {
        var mapped = matches.Where(m => m.Fact is not null).ToList();
        console.MarkupLine($"[bold]detected[/] from the end user's request, {mapped.Count} of {matches.Length} features");
        foreach (var match in mapped)
        {
            var needs = FeatureMapping.NeedsGeoDatabase(match.Fact!) ? ", needs a geo database" : "";
            console.MarkupLine($"  {ProblemText.Safe(match.Feature.Key, MaxValue)}  is {ProblemText.Safe(match.Fact!, MaxValue)}  [grey]({ProblemText.Safe(match.Why, MaxValue * 2)}{needs})[/]");
        }

        if (mapped.Count < matches.Length)
        {
            console.MarkupLine("[bold]not detected[/]: callers or a provider of the host application supply them");
            foreach (var match in matches.Where(m => m.Fact is null))
            {
                console.MarkupLine($"  {ProblemText.Safe(match.Feature.Key, MaxValue)}  {ProblemText.Safe(match.Feature.Name ?? "", MaxValue)}  [grey]({ProblemText.Safe(match.Why, MaxValue * 2)})[/]");
            }
        }
    }

    private static void WriteExplanation(PluginExplanation explanation, IAnsiConsole console)
    {
        foreach (var tab in explanation.Tabs)
        {
            var title = tab.Title is null ? "" : $" \"{ProblemText.Safe(tab.Title)}\"";
            console.MarkupLine($"[bold]explain[/]{title}, {tab.Outputs.Length} example outputs, {tab.Inputs.Length} inputs");
            foreach (var input in tab.Inputs)
            {
                var required = input.Required ? "required" : "optional";
                var importance = input.Importance is { } i ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $", importance {i}") : "";
                console.MarkupLine($"  {ProblemText.Safe(input.Name, MaxValue)}  [grey]({required}{importance})[/] {ProblemText.Safe(input.Explanation ?? "", MaxValue)}");
            }
        }
    }

    private static void WriteProblems(PluginInput plugin, IAnsiConsole console)
    {
        var warnings = plugin.Problems.Length - plugin.Errors;
        if (plugin.Problems.Length > 0)
        {
            console.MarkupLine("[bold]problems[/]");
            ProblemText.Write(plugin.Problems, console);
        }

        var verdict = plugin.Errors == 0 ? "[green]Can be deployed[/]" : "[red]Cannot be deployed[/]";
        console.MarkupLine($"{verdict}: {Count(plugin.Errors, "error")}, {Count(warnings, "warning")}.");
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    /// <summary>The value's text in one line (JSON has line breaks between tokens only). Only its beginning is decoded, because options can be large.</summary>
    private static string Shorten(HttpValue value)
        => LineBreaks().Replace(new Model.RawJson(value.Value.Utf8[..Math.Min(value.Value.Utf8.Length, MaxValue * 8)]).ToString(), " ");

    [GeneratedRegex(@"\s*[\r\n]\s*")]
    private static partial Regex LineBreaks();
}
