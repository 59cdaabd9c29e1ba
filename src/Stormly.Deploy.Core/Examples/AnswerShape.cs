using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Examples;

/// <summary>
/// Whether an answer is like the example answers of an explanation: of the same types (whole numbers and others are one), with every member that all examples have. What
/// is beside that may be there; null may stand where an example has null.
/// </summary>
internal static class AnswerShape
{
    private const JsonKinds Numbers = JsonKinds.Number | JsonKinds.Integer;

    /// <summary>Finds the first difference.</summary>
    /// <param name="examples">The shape that the example answers have in common.</param>
    /// <param name="answer">An answer that was found to be good JSON.</param>
    /// <returns>The difference in words; null where there is none.</returns>
    public static string? FindDifference(JsonShape examples, RawJson answer)
    {
        var reader = new Utf8JsonReader(answer.Utf8.Span, new JsonReaderOptions { MaxDepth = 1001 });
        reader.Read();
        return Find(examples, ref reader, "");
    }

    private static string? Find(JsonShape shape, ref Utf8JsonReader reader, string pointer)
    {
        var kind = KindOf(in reader);
        if (shape.Kinds != JsonKinds.None && (shape.Kinds & kind) == 0)
        {
            return $"at {(pointer.Length == 0 ? "its root" : PrintableText.Escape(pointer, maxLength: 200))} it has {Word(kind)}, and the examples of explain.output have {string.Join(" or ", Words(shape.Kinds))}";
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                return FindInItems(shape, ref reader, pointer);
            case JsonTokenType.StartObject:
                return FindInMembers(shape, ref reader, pointer);
            default:
                return null;
        }
    }

    private static string? FindInItems(JsonShape shape, ref Utf8JsonReader reader, string pointer)
    {
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (shape.Items is null)
            {
                reader.Skip();
            }
            else if (Find(shape.Items, ref reader, $"{pointer}/{i}") is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? FindInMembers(JsonShape shape, ref Utf8JsonReader reader, string pointer)
    {
        var members = shape.Members.ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
        var missing = shape.Others is null ? shape.Required.ToHashSet(StringComparer.Ordinal) : [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            missing.Remove(name);
            if (!members.TryGetValue(name, out var member))
            {
                reader.Skip();
            }
            else if (Find(member, ref reader, pointer + JsonPath.Member(name)) is { } difference)
            {
                return difference;
            }
        }

        return missing.Count == 0
            ? null
            : $"it lacks {string.Join(", ", missing.Take(5).Select(m => PrintableText.Escape(pointer + JsonPath.Member(m), maxLength: 200)))}, which every example of explain.output has";
    }

    /// <summary>The types that a value may count as: every number is both.</summary>
    private static JsonKinds KindOf(in Utf8JsonReader reader) => JsonShape.KindOf(in reader) is var kind && (kind & Numbers) != 0 ? Numbers : kind;

    private static IEnumerable<string> Words(JsonKinds kinds)
        => new[] { JsonKinds.Object, JsonKinds.Array, JsonKinds.String, Numbers, JsonKinds.Boolean, JsonKinds.Null }.Where(k => (kinds & k) != 0).Select(Word);

    private static string Word(JsonKinds kind) => kind switch
    {
        JsonKinds.Object => "an object",
        JsonKinds.Array => "an array",
        JsonKinds.String => "a text",
        JsonKinds.Boolean => "true or false",
        JsonKinds.Null => "null",
        _ => "a number",
    };
}
