using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Requests;

/// <summary>The JSON Schema (2020-12) of what callers send: the body, and the props of each tab, which are alternatives.</summary>
/// <param name="explanation">The explanation with features added.</param>
/// <param name="features">The features of the model.</param>
/// <param name="prose">How a stranger's text is written into a <c>description</c>.</param>
/// <param name="extended">Whether to add <c>x-importance</c> and <c>x-source</c>, which OpenAPI allows and strict validators of JSON Schema refuse.</param>
internal sealed class RequestSchema(PluginExplanation explanation, ImmutableArray<FeatureDescriptor> features, Func<string, string> prose, bool extended)
{
    private const int MaxExamples = 5;
    private const int MaxExampleBytes = 2048;

    private readonly ImmutableArray<ImmutableArray<InputRule>> _tabs = [.. explanation.Tabs.Select(t => InputRule.Of(t, features))];

    /// <summary>Writes the members of the body's schema.</summary>
    /// <param name="json">Inside a schema.</param>
    /// <param name="definitions">Where <see cref="WriteDefinitions"/> writes, as a reference, e.g. <c>#/$defs/</c>.</param>
    public void WriteMembers(Utf8JsonWriter json, string definitions)
    {
        json.WriteString("type"u8, "object"u8);
        if (_tabs.All(t => t.Any(r => r.Input.Required)))
        {
            json.WriteStartArray("required"u8);
            json.WriteStringValue("props"u8);
            json.WriteEndArray();
        }

        json.WriteStartObject("properties"u8);
        json.WriteStartObject("props"u8);
        if (_tabs.Length == 1)
        {
            json.WriteString("$ref"u8, definitions + NameOf(0));
        }
        else
        {
            WriteAlternatives(json, definitions);
        }

        json.WriteEndObject();
        json.WriteStartObject("context"u8);
        json.WriteString("type"u8, "object"u8);
        json.WriteString("description"u8, "Facts about the end user, for the library alone: they do not reach the plugin."u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteBoolean("additionalProperties"u8, false);
    }

    /// <summary>Writes one member for each tab: the schema of its props.</summary>
    /// <param name="json">Inside the object that holds definitions.</param>
    public void WriteDefinitions(Utf8JsonWriter json)
    {
        for (var i = 0; i < _tabs.Length; i++)
        {
            json.WriteStartObject(NameOf(i));
            if (explanation.Tabs[i].Title is { } title)
            {
                json.WriteString("title"u8, title);
            }

            WriteProps(json, _tabs[i]);
            json.WriteEndObject();
        }
    }

    private string NameOf(int tab) => _tabs.Length == 1 ? "Props" : string.Create(CultureInfo.InvariantCulture, $"Props{tab + 1}");

    private void WriteAlternatives(Utf8JsonWriter json, string definitions)
    {
        json.WriteStartArray("anyOf"u8);
        for (var i = 0; i < _tabs.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("$ref"u8, definitions + NameOf(i));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteProps(Utf8JsonWriter json, ImmutableArray<InputRule> rules)
    {
        json.WriteString("type"u8, "object"u8);
        json.WriteStartObject("properties"u8);
        foreach (var rule in rules)
        {
            json.WriteStartObject(rule.Input.Name);
            WriteInput(json, rule);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (rules.Any(r => r.Input.Required))
        {
            json.WriteStartArray("required"u8);
            foreach (var rule in rules.Where(r => r.Input.Required))
            {
                json.WriteStringValue(rule.Input.Name);
            }

            json.WriteEndArray();
        }

        json.WriteBoolean("additionalProperties"u8, true);
    }

    private void WriteInput(Utf8JsonWriter json, InputRule rule)
    {
        SchemaWords.WriteShape(json, rule.Shape, rule.Kinds, loose: rule.NativeType == NativeType.Unknown);
        if (!string.IsNullOrWhiteSpace(rule.Input.Explanation))
        {
            json.WriteString("description"u8, prose(rule.Input.Explanation));
        }

        var examples = rule.Examples.Where(e => e.Utf8.Length <= MaxExampleBytes).Take(MaxExamples).ToList();
        if (examples.Count > 0)
        {
            json.WriteStartArray("examples"u8);
            foreach (var example in examples)
            {
                json.WriteRawValue(example.Utf8.Span);
            }

            json.WriteEndArray();
        }

        if (extended)
        {
            WriteExtensions(json, rule.Input);
        }
    }

    private static void WriteExtensions(Utf8JsonWriter json, ExplainedInput input)
    {
        if (input.Importance is { } importance)
        {
            json.WriteNumber("x-importance"u8, importance);
        }

        if (input.Source != InputSource.Caller)
        {
            json.WriteString("x-source"u8, input.Source == InputSource.Provider ? "provider"u8 : "detector"u8);
        }
    }
}
