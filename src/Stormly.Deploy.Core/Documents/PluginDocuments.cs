using System.Buffers;
using System.Text;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Documents;

/// <summary>
/// Says in formats for programs what a description says: pure functions, the same bytes for the same description and address. Texts of strangers in it are
/// escaped for the format: in Markdown, and where OpenAPI takes Markdown, none of it is live.
/// </summary>
public static class PluginDocuments
{
    /// <summary>The name of the whole description below a plugin's address.</summary>
    public const string ExplanationName = "explain.json";

    /// <summary>The name of the OpenAPI document below a plugin's address.</summary>
    public const string OpenApiName = "openapi.json";

    /// <summary>The name of the request's JSON Schema below a plugin's address.</summary>
    public const string RequestSchemaName = "schema.json";

    /// <summary>Writes the whole description as JSON. Its members stand in docs/explain.md and are only ever added to.</summary>
    /// <param name="description">The description.</param>
    /// <param name="address">Where the plugin is reached.</param>
    /// <param name="output">Gets the document in UTF-8.</param>
    public static void WriteExplanation(PluginDescription description, PluginAddress address, IBufferWriter<byte> output)
    {
        Check(description, address, output);
        DocumentJson.Write(output, json => ExplanationDocument.WriteMembers(json, description, address));
    }

    /// <summary>Writes an OpenAPI document, version 3.1: the request, its answers and every problem document.</summary>
    /// <param name="description">The description.</param>
    /// <param name="address">Where the plugin is reached.</param>
    /// <param name="output">Gets the document in UTF-8.</param>
    public static void WriteOpenApi(PluginDescription description, PluginAddress address, IBufferWriter<byte> output)
    {
        Check(description, address, output);
        DocumentJson.Write(output, new OpenApiDocument(description, address).WriteMembers);
    }

    /// <summary>Writes Markdown (CommonMark): all that is needed to write a call that works.</summary>
    /// <param name="description">The description.</param>
    /// <param name="address">Where the plugin is reached.</param>
    /// <param name="output">Gets the document in UTF-8.</param>
    public static void WriteMarkdown(PluginDescription description, PluginAddress address, IBufferWriter<byte> output)
    {
        Check(description, address, output);
        Encoding.UTF8.GetBytes(new MarkdownDocument(description, address).Write(), output);
    }

    /// <summary>
    /// Writes the JSON Schema (2020-12) of a request's body, with the props of each tab under <c>$defs</c>. What it accepts is accepted, as far as a schema can
    /// tell; what it refuses because of a type that was only inferred from examples is accepted all the same.
    /// </summary>
    /// <param name="description">The description.</param>
    /// <param name="output">Gets the document in UTF-8.</param>
    public static void WriteRequestSchema(PluginDescription description, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(output);
        var schema = new RequestSchema(description.Explanation, description.Features, static text => text, extended: false);
        DocumentJson.Write(output, json =>
        {
            json.WriteString("$schema"u8, "https://json-schema.org/draft/2020-12/schema"u8);
            json.WriteString("$id"u8, $"urn:stormly-deploy:request:{description.Plugin.Value}:{description.Revision.Digest}");
            json.WriteString("title"u8, $"A request to {description.Plugin.Value}");
            schema.WriteMembers(json, "#/$defs/");
            json.WriteStartObject("$defs"u8);
            schema.WriteDefinitions(json);
            json.WriteEndObject();
        });
    }

    private static void Check(PluginDescription description, PluginAddress address, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(output);
    }
}
