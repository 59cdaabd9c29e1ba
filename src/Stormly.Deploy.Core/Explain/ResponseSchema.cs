using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Explain;

/// <summary>The JSON Schema of a plugin's answers, inferred from all that is known of them.</summary>
internal static class ResponseSchema
{
    private const JsonKinds AnyAnswer = JsonKinds.Object | JsonKinds.Array;

    /// <summary>
    /// Writes the members of the schema. From output examples: the union of their shapes, where what all of them have is required. From a real answer, by default to a status
    /// check, which need not look like an answer to a request: what it holds, and nothing of it required. From nothing: an object or an array (contract §6).
    /// </summary>
    /// <param name="json">Inside a schema.</param>
    /// <param name="explanation">The explanation: the outputs of all its tabs count.</param>
    /// <param name="lastAnswer">A real answer, used where there are no outputs.</param>
    public static void WriteMembers(Utf8JsonWriter json, PluginExplanation explanation, RawJson? lastAnswer)
    {
        var outputs = explanation.Tabs.SelectMany(t => t.Outputs).ToImmutableArray();
        if (!outputs.IsEmpty)
        {
            var shape = JsonShape.Of(outputs);
            SchemaWords.WriteShape(json, shape, shape.Kinds, loose: false);
        }
        else if (lastAnswer is { } answer)
        {
            json.WriteString("description"u8, "Read off a real answer; the plugin gives no examples of its own.");
            SchemaWords.WriteShape(json, JsonShape.Of([answer]), AnyAnswer, loose: true);
        }
        else
        {
            json.WriteString("description"u8, "An object or an array; the plugin gives no examples.");
            SchemaWords.WriteType(json, AnyAnswer);
        }
    }
}
