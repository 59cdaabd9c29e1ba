using System.Text.Json;

namespace Stormly.Deploy.Explain;

/// <summary>Writes what is known of values in the words of JSON Schema (2020-12).</summary>
internal static class SchemaWords
{
    /// <summary>Every type but null.</summary>
    public const JsonKinds AnyValue = JsonKinds.Object | JsonKinds.Array | JsonKinds.String | JsonKinds.Number | JsonKinds.Boolean;

    private static readonly (JsonKinds Kind, string Word)[] Words =
    [
        (JsonKinds.Object, "object"),
        (JsonKinds.Array, "array"),
        (JsonKinds.String, "string"),
        (JsonKinds.Number, "number"),
        (JsonKinds.Integer, "integer"),
        (JsonKinds.Boolean, "boolean"),
        (JsonKinds.Null, "null"),
    ];

    /// <summary>The names of types; a number that may be whole needs no second name.</summary>
    /// <param name="kinds">The types.</param>
    /// <returns>The names; none where every value is allowed.</returns>
    public static IReadOnlyList<string> NamesOf(JsonKinds kinds)
    {
        var told = kinds.HasFlag(JsonKinds.Number) ? kinds & ~JsonKinds.Integer : kinds;
        return told == (AnyValue | JsonKinds.Null) ? [] : [.. Words.Where(w => told.HasFlag(w.Kind)).Select(w => w.Word)];
    }

    /// <summary>Writes the member <c>type</c>; nothing where every value is allowed.</summary>
    /// <param name="json">Inside a schema.</param>
    /// <param name="kinds">The types.</param>
    public static void WriteType(Utf8JsonWriter json, JsonKinds kinds)
    {
        var names = NamesOf(kinds);
        if (names.Count == 1)
        {
            json.WriteString("type"u8, names[0]);
        }
        else if (names.Count > 1)
        {
            json.WriteStartArray("type"u8);
            foreach (var name in names)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Writes what values have in common: their types, the members of objects, the items of arrays.</summary>
    /// <param name="json">Inside a schema.</param>
    /// <param name="shape">What was seen.</param>
    /// <param name="kinds">The types to allow, where they are others than those that were seen.</param>
    /// <param name="loose">
    /// Whether the values were only instances of what is possible: then a number need not be whole where those that were seen are, and no member need be there.
    /// </param>
    public static void WriteShape(Utf8JsonWriter json, JsonShape shape, JsonKinds kinds, bool loose)
    {
        WriteType(json, loose ? Loosen(kinds) : kinds);
        if (shape.Kinds.HasFlag(JsonKinds.Object))
        {
            WriteMembers(json, shape, loose);
        }

        if (shape.Items is { } items)
        {
            WriteNested(json, "items", items, loose);
        }
    }

    /// <summary>Allows fractions where whole numbers were seen.</summary>
    /// <param name="kinds">The types that were seen.</param>
    /// <returns>The types to allow.</returns>
    public static JsonKinds Loosen(JsonKinds kinds) => kinds.HasFlag(JsonKinds.Integer) ? kinds | JsonKinds.Number : kinds;

    private static void WriteMembers(Utf8JsonWriter json, JsonShape shape, bool loose)
    {
        json.WriteStartObject("properties"u8);
        foreach (var (name, member) in shape.Members)
        {
            WriteNested(json, name, member, loose);
        }

        json.WriteEndObject();
        if (shape.Others is { } others)
        {
            WriteNested(json, "additionalProperties", others, loose);
        }

        if (!loose && shape.Required.Any())
        {
            json.WriteStartArray("required"u8);
            foreach (var name in shape.Required)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteNested(Utf8JsonWriter json, string name, JsonShape shape, bool loose)
    {
        json.WriteStartObject(name);
        WriteShape(json, shape, shape.Kinds, loose);
        json.WriteEndObject();
    }
}
