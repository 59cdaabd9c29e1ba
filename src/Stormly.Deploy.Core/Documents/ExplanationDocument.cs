using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Documents;

/// <summary>Writes <c>explain.json</c>: the whole description as data. Members are only ever added; a change of meaning is a new version.</summary>
internal static class ExplanationDocument
{
    private const int Version = 1;

    public static void WriteMembers(Utf8JsonWriter json, PluginDescription description, PluginAddress address)
    {
        json.WriteNumber("version"u8, Version);
        json.WriteString("plugin"u8, description.Plugin.Value);
        json.WriteString("revision"u8, description.Revision.Digest);
        WriteEndpoint(json, address);
        json.WriteObjects("tabs", description.Explanation.Tabs, (_, tab) => WriteTab(json, tab, description.Features));
        json.WriteObjects("features", description.Features, WriteFeature);
        json.WriteObjects("verifications", description.Verifications, WriteVerification);
        json.WriteRaw("lastAnswer", description.LastAnswer);
    }

    private static void WriteEndpoint(Utf8JsonWriter json, PluginAddress address)
    {
        json.WriteStartObject("endpoint"u8);
        json.WriteString("method"u8, "POST"u8);
        json.WriteString("path"u8, address.FullPath);
        json.WriteString("contentType"u8, "application/json"u8);
        json.WriteString("openApi"u8, $"{address.FullPath}/{PluginDocuments.OpenApiName}");
        json.WriteString("requestSchema"u8, $"{address.FullPath}/{PluginDocuments.RequestSchemaName}");
        json.WriteEndObject();
    }

    private static void WriteTab(Utf8JsonWriter json, ExplainedTab tab, ImmutableArray<FeatureDescriptor> features)
    {
        json.WriteString("title"u8, tab.Title);
        json.WriteObjects("inputs", InputRule.Of(tab, features), WriteInput);
        json.WriteRaw("outputs", tab.Outputs);
    }

    private static void WriteInput(Utf8JsonWriter json, InputRule rule)
    {
        var input = rule.Input;
        json.WriteString("name"u8, input.Name);
        json.WriteBoolean("required"u8, input.Required);
        WriteNumber(json, "importance", input.Importance);
        json.WriteString("explanation"u8, input.Explanation);
        json.WriteString("source"u8, WordOf(input.Source));
        json.WriteStartArray("types"u8);
        foreach (var name in SchemaWords.NamesOf(rule.Kinds & ~JsonKinds.Null))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteRaw("examples", input.Examples);
        json.WriteString("examplesFrom"u8, WordOf(input.ExamplesFrom));
        json.WriteString("feature"u8, input.Feature?.Key);
    }

    private static void WriteFeature(Utf8JsonWriter json, FeatureDescriptor feature)
    {
        json.WriteString("key"u8, feature.Key);
        json.WriteString("name"u8, feature.Name);
        json.WriteString("kind"u8, feature.Kind);
        json.WriteString("nativeType"u8, WordOf(feature.NativeType));
        json.WriteRaw("mostCommon", feature.MostCommon);
        json.WriteString("mostCommonFrom"u8, WordOf(feature.MostCommonFrom));
        json.WriteRaw("examples", feature.Examples);
        json.WriteString("examplesFrom"u8, WordOf(feature.ExamplesFrom));
    }

    private static void WriteVerification(Utf8JsonWriter json, ExampleVerification verification)
    {
        json.WriteNumber("tab"u8, verification.Tab);
        json.WriteString("input"u8, verification.Input);
        json.WriteNumber("example"u8, verification.Example);
        json.WriteString("at"u8, verification.At);
        json.WriteNumber("seconds"u8, verification.Took.TotalSeconds);
        json.WriteBoolean("passed"u8, verification.Passed);
        json.WriteString("detail"u8, verification.Detail);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string? WordOf(FeatureValueSource source) => source switch
    {
        FeatureValueSource.Rows => "rows",
        FeatureValueSource.Metadata => "metadata",
        FeatureValueSource.Requests => "requests",
        _ => null,
    };

    private static string WordOf(InputSource source) => source switch
    {
        InputSource.Provider => "provider",
        InputSource.Detector => "detector",
        _ => "caller",
    };

    private static string? WordOf(NativeType type) => type switch
    {
        NativeType.Boolean => "boolean",
        NativeType.Integer => "integer",
        NativeType.Float => "float",
        NativeType.String => "string",
        _ => null,
    };
}
