using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Stormly.Deploy.Core.Tests.Documents;

/// <summary>Schemas for a validator that is not ours, each in a world of its own.</summary>
internal static class Schemas
{
    public static JsonSchema Of(string schema) => JsonSchema.FromText(schema, new BuildOptions { SchemaRegistry = new SchemaRegistry() });

    /// <summary>A schema of an OpenAPI document, with those that it refers to.</summary>
    public static JsonSchema OfComponent(JsonElement document, string name) => Of(new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["$ref"] = $"#/components/schemas/{name}",
        ["components"] = WithoutExtensions(JsonNode.Parse(document.GetProperty("components").GetRawText())),
    }.ToJsonString());

    /// <summary>This validator takes no words that JSON Schema does not know.</summary>
    private static JsonNode? WithoutExtensions(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            members.Remove("x-importance");
            members.Remove("x-source");
        }

        foreach (var child in node switch { JsonObject o => o.Select(m => m.Value), JsonArray a => a, _ => [] })
        {
            WithoutExtensions(child);
        }

        return node;
    }
}
