using System.Text.Json;

namespace Stormly.Deploy.Documents;

/// <summary>The schemas of problem documents, member for member as they are written.</summary>
internal static class ProblemSchemas
{
    private const string Problem = "Problem";
    private const string Refusal = "RequestRefused";
    private const string Failure = "PluginFailed";
    private const string Listed = "RequestProblem";

    private static readonly (string Name, string Type, string Means)[] Head =
    [
        ("type", "string", "What kind of problem it is; never changes."),
        ("title", "string", "The same in words."),
        ("status", "integer", "The status code."),
        ("detail", "string", "What was seen this time, and what to do."),
        ("plugin", "string", "The plugin's name as it was given."),
        ("traceId", "string", "Names this request in the logs."),
    ];

    private static readonly (string Name, string Means, bool Always)[] One =
    [
        ("pointer", "The place in the body as a JSON pointer; empty for the whole body.", true),
        ("input", "The input that it is about.", false),
        ("rule", "The rule that is broken.", true),
        ("remedy", "What to do about it.", true),
        ("value", "What was found there, as JSON text.", false),
        ("explanation", "What the plugin says about the input.", false),
    ];

    /// <summary>Writes a response: its description, headers and content.</summary>
    /// <param name="json">Inside the response.</param>
    /// <param name="row">The answer.</param>
    /// <param name="schemas">Where <see cref="WriteDefinitions"/> writes, as a reference.</param>
    public static void WriteResponse(Utf8JsonWriter json, AnswerRow row, string schemas)
    {
        json.WriteString("description"u8, $"{char.ToUpperInvariant(row.Meaning[0])}{row.Meaning.AsSpan(1)}.");
        if (row.Header is { } header)
        {
            json.WriteStartObject("headers"u8);
            json.WriteStartObject(header);
            var isWait = header == "Retry-After";
            json.WriteString("description"u8, isWait ? "Whole seconds." : "The methods that there are.");
            json.WriteOne("schema", "type", isWait ? "integer" : "string");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteStartObject("content"u8);
        json.WriteStartObject("application/problem+json"u8);
        json.WriteStartObject("schema"u8);
        json.WriteStartArray("allOf"u8);
        WriteReference(json, schemas + (row.Lists ? Refusal : row.TellsPlugin ? Failure : Problem));
        json.WriteStartObject();
        json.WriteStartObject("properties"u8);
        json.WriteStartObject("type"u8);
        json.WriteStartArray("enum"u8);
        foreach (var slug in row.Slugs)
        {
            json.WriteStringValue(PluginOutcomeExtensions.ProblemTypePrefix + slug);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("status"u8);
        json.WriteNumber("const"u8, row.Status);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the schemas that responses refer to.</summary>
    /// <param name="json">Inside the object that holds schemas.</param>
    /// <param name="schemas">The same place as a reference.</param>
    public static void WriteDefinitions(Utf8JsonWriter json, string schemas)
    {
        json.WriteStartObject(Problem);
        WriteObject(json, Head.Select(m => (m.Name, m.Type, m.Means, true)));
        json.WriteEndObject();
        json.WriteStartObject(Listed);
        WriteObject(json, One.Select(m => (m.Name, "string", m.Means, m.Always)));
        json.WriteEndObject();
        WriteExtended(json, Refusal, schemas, json =>
        {
            json.WriteStartObject("problems"u8);
            json.WriteString("type"u8, "array"u8);
            json.WriteString("description"u8, "Everything that is wrong with the request."u8);
            json.WriteOne("items", "$ref", schemas + Listed);
            json.WriteEndObject();
        });
        WriteExtended(json, Failure, schemas, static json =>
        {
            WriteMember(json, "reason", "string", "What the plugin did wrong: status, not-json, too-large, not-http, not-connected or connection-lost.");
            WriteMember(json, "pluginStatus", "integer", "The plugin's own status code; absent where it gave none.");
        });
    }

    private static void WriteReference(Utf8JsonWriter json, string place)
    {
        json.WriteStartObject();
        json.WriteString("$ref"u8, place);
        json.WriteEndObject();
    }

    private static void WriteExtended(Utf8JsonWriter json, string name, string schemas, Action<Utf8JsonWriter> members)
    {
        json.WriteStartObject(name);
        json.WriteStartArray("allOf"u8);
        WriteReference(json, schemas + Problem);
        json.WriteStartObject();
        json.WriteString("type"u8, "object"u8);
        json.WriteStartObject("properties"u8);
        members(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter json, IEnumerable<(string Name, string Type, string Means, bool Always)> members)
    {
        var all = members.ToList();
        json.WriteString("type"u8, "object"u8);
        json.WriteStartObject("properties"u8);
        foreach (var (name, type, means, _) in all)
        {
            WriteMember(json, name, type, means);
        }

        json.WriteEndObject();
        json.WriteStartArray("required"u8);
        foreach (var (name, _, _, _) in all.Where(m => m.Always))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static void WriteMember(Utf8JsonWriter json, string name, string type, string means)
    {
        json.WriteStartObject(name);
        json.WriteString("type"u8, type);
        json.WriteString("description"u8, means);
        json.WriteEndObject();
    }
}
