using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Cli;

/// <summary>The report of <c>stormly check --json</c>.</summary>
internal static class CheckJson
{
    public static void Write(PluginInput plugin, ImmutableArray<FeatureMatch> matches, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("deployable", plugin.Errors == 0);
            WriteArray(json, "stages", plugin.Stages, static (json, stage) => json.WriteStringValue(stage));
            WriteArray(json, "values", plugin.Http.Values, WriteValue);
            if (plugin.Manifest is { } manifest)
            {
                WriteArray(json, "features", manifest.Features, WriteFeature);
                WriteArray(json, "detected", matches, WriteMatch);
            }

            if (plugin.Explanation is { } explanation)
            {
                WriteArray(json, "tabs", explanation.Tabs, WriteTab);
            }

            WriteArray(json, "problems", plugin.Problems, WriteProblem);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteValue(Utf8JsonWriter json, HttpValue value)
    {
        json.WriteStartObject();
        json.WriteString("key", value.Key);
        json.WriteString("stage", value.Stage);
        WriteArray(json, "overrode", value.Overrode, static (json, stage) => json.WriteStringValue(stage));
        WriteRaw(json, "value", value.Value);
        json.WriteEndObject();
    }

    private static void WriteFeature(Utf8JsonWriter json, FeatureDescriptor feature)
    {
        json.WriteStartObject();
        json.WriteString("key", feature.Key);
        json.WriteString("name", feature.Name);
        json.WriteString("type", feature.Kind);
        json.WriteString("nativeType", feature.NativeType.ToString().ToLowerInvariant());
        if (feature.MostCommon is { } most)
        {
            WriteRaw(json, "mostCommon", most);
        }

        json.WriteEndObject();
    }

    private static void WriteMatch(Utf8JsonWriter json, FeatureMatch match)
    {
        json.WriteStartObject();
        json.WriteString("key", match.Feature.Key);
        json.WriteString("fact", match.Fact);
        json.WriteString("why", match.Why);
        json.WriteBoolean("needsGeoDatabase", match.Fact is not null && FeatureMapping.NeedsGeoDatabase(match.Fact));
        json.WriteEndObject();
    }

    private static void WriteTab(Utf8JsonWriter json, ExplainedTab tab)
    {
        json.WriteStartObject();
        json.WriteString("title", tab.Title);
        json.WriteNumber("outputs", tab.Outputs.Length);
        WriteArray(json, "inputs", tab.Inputs, WriteInput);
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, ExplainedInput input)
    {
        json.WriteStartObject();
        json.WriteString("name", input.Name);
        json.WriteBoolean("required", input.Required);
        if (input.Importance is { } importance)
        {
            json.WriteNumber("importance", importance);
        }

        json.WriteString("explanation", input.Explanation);
        json.WriteEndObject();
    }

    private static void WriteProblem(Utf8JsonWriter json, SpecProblem problem)
    {
        json.WriteStartObject();
        json.WriteString("severity", problem.Severity == ProblemSeverity.Error ? "error" : "warning");
        json.WriteString("stage", problem.Stage);
        json.WriteString("origin", problem.Origin);
        json.WriteString("pointer", problem.Pointer);
        if (problem.Position is { } position)
        {
            json.WriteNumber("line", position.Line);
            json.WriteNumber("column", position.Column);
        }

        json.WriteString("value", problem.Value);
        json.WriteString("rule", problem.Rule);
        json.WriteString("remedy", problem.Remedy);
        json.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, RawJson value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
