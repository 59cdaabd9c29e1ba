using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Documents;

/// <summary>
/// Writes a description as an OpenAPI document, version 3.1. Where OpenAPI takes Markdown (<c>description</c>), texts of strangers are escaped for it; elsewhere
/// they are plain text by definition.
/// </summary>
internal sealed class OpenApiDocument(PluginDescription description, PluginAddress address)
{
    private const string Json = "application/json";
    private const string Schemas = "#/components/schemas/";

    // What OpenAPI says itself: parameters with these names are to be ignored.
    private static readonly string[] NoParameters = ["accept", "content-type", "authorization"];

    private readonly RequestSchema _request = new(description.Explanation, description.Features, MarkdownText.Prose, extended: true);

    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("openapi"u8, "3.1.1"u8);
        json.WriteStartObject("info"u8);
        json.WriteString("title"u8, description.Plugin.Value);
        json.WriteString("version"u8, description.Revision.Short);
        json.WriteString("description"u8, "A plugin deployed with Stormly.Deploy. The version is that of the deployed revision."u8);
        json.WriteEndObject();
        json.WriteObjects("servers", [address.PathBase.Length == 0 ? "/" : address.PathBase], static (json, url) => json.WriteString("url"u8, url));
        json.WriteStartObject("paths"u8);
        json.WriteStartObject(address.Path);
        json.WriteStartObject("post"u8);
        WriteOperation(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("components"u8);
        json.WriteStartObject("schemas"u8);
        WriteSchemas(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteOperation(Utf8JsonWriter json)
    {
        json.WriteString("operationId"u8, "callPlugin"u8);
        json.WriteString("summary"u8, "Asks the plugin"u8);
        json.WriteString("description"u8, "Do not send `now`: the time of the request is added. Properties that are not described are passed on."u8);
        if (address.CanaryKeyHeader is { } header && !NoParameters.Contains(header, StringComparer.OrdinalIgnoreCase))
        {
            json.WriteObjects("parameters", [header], static (json, name) =>
            {
                json.WriteString("name"u8, name);
                json.WriteString("in"u8, "header"u8);
                json.WriteString("description"u8, "Names the caller while a new revision is tried out on a share of them: the same name gets the same revision."u8);
                json.WriteOne("schema", "type", "string");
            });
        }

        json.WriteStartObject("requestBody"u8);
        json.WriteBoolean("required"u8, true);
        if (address.MaxBodyBytes is { } most)
        {
            json.WriteString("description"u8, string.Create(CultureInfo.InvariantCulture, $"At most {most} bytes."));
        }

        WriteContent(json, Json, "Request", RequestExamples());
        json.WriteEndObject();
        json.WriteStartObject("responses"u8);
        json.WriteStartObject("200"u8);
        json.WriteString("description"u8, "The plugin's answer, byte for byte."u8);
        WriteContent(json, Json, "Answer", AnswerExamples());
        json.WriteEndObject();
        foreach (var row in AnswerTable.Errors)
        {
            json.WriteStartObject(row.Status.ToString(CultureInfo.InvariantCulture));
            ProblemSchemas.WriteResponse(json, row, Schemas);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, string type, string schema, ImmutableArray<(string Name, string Summary, RawJson Value)> examples)
    {
        json.WriteStartObject("content"u8);
        json.WriteStartObject(type);
        json.WriteOne("schema", "$ref", Schemas + schema);
        if (!examples.IsEmpty)
        {
            json.WriteStartObject("examples"u8);
            foreach (var (name, summary, value) in examples)
            {
                json.WriteStartObject(name);
                json.WriteString("summary"u8, summary);
                json.WriteRaw("value", value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private ImmutableArray<(string Name, string Summary, RawJson Value)> RequestExamples()
    {
        var all = ImmutableArray.CreateBuilder<(string, string, RawJson)>();
        foreach (var (tab, number) in description.Explanation.Tabs.Select((t, i) => (t, i + 1)))
        {
            var title = tab.Title is null ? "" : $"{tab.Title}: ";
            all.Add((string.Create(CultureInfo.InvariantCulture, $"least{number}"), $"{title}what is required", RequestExample.Least(tab, description.Features)));
            if (RequestExample.Most(tab, description.Features) is { } most)
            {
                all.Add((string.Create(CultureInfo.InvariantCulture, $"most{number}"), $"{title}with everything that can be sent", most));
            }
        }

        return all.ToImmutable();
    }

    private ImmutableArray<(string Name, string Summary, RawJson Value)> AnswerExamples()
    {
        var all = ImmutableArray.CreateBuilder<(string, string, RawJson)>();
        foreach (var (tab, number) in description.Explanation.Tabs.Select((t, i) => (t, i + 1)))
        {
            var title = tab.Title is null ? "" : $"{tab.Title}: ";
            for (var i = 0; i < tab.Outputs.Length; i++)
            {
                all.Add((string.Create(CultureInfo.InvariantCulture, $"output{number}x{i + 1}"), string.Create(CultureInfo.InvariantCulture, $"{title}example {i + 1}"), tab.Outputs[i]));
            }
        }

        if (all.Count == 0 && description.LastAnswer is { } last)
        {
            all.Add(("lastAnswer", "The last real answer that was kept", last));
        }

        return all.ToImmutable();
    }

    private void WriteSchemas(Utf8JsonWriter json)
    {
        json.WriteStartObject("Request"u8);
        _request.WriteMembers(json, Schemas);
        json.WriteEndObject();
        _request.WriteDefinitions(json);
        json.WriteStartObject("Answer"u8);
        ResponseSchema.WriteMembers(json, description.Explanation, description.LastAnswer);
        json.WriteEndObject();
        ProblemSchemas.WriteDefinitions(json, Schemas);
    }
}
