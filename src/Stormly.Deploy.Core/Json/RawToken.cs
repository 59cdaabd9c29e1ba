using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Json;

/// <summary>Looks at the first token of a checked JSON value.</summary>
internal static class RawToken
{
    /// <summary>The deepest nesting of a document that is kept.</summary>
    public const int MaxDepth = 64;

    /// <summary>Options for readers of checked text.</summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth + 1 };

    /// <summary>A reader that stands on the value's first token.</summary>
    public static Utf8JsonReader Of(RawJson value)
    {
        var reader = new Utf8JsonReader(value.Utf8.Span, ReaderOptions);
        reader.Read();
        return reader;
    }

    /// <summary>The text of a JSON string; null where the value is something else.</summary>
    public static string? TextOf(RawJson value)
    {
        var reader = Of(value);
        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }

    /// <summary>The kind of the value: of its first token.</summary>
    public static JsonTokenType KindOf(RawJson value) => Of(value).TokenType;

    /// <summary>The members of a JSON object, as slices in the order of the text.</summary>
    public static List<(string Key, RawJson Value)> Members(RawJson value)
    {
        var members = new List<(string, RawJson)>();
        var reader = Of(value);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            members.Add((key, Take(value, ref reader)));
        }

        return members;
    }

    /// <summary>The items of a JSON array, as slices in the order of the text.</summary>
    public static List<RawJson> Items(RawJson value)
    {
        var items = new List<RawJson>();
        var reader = Of(value);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Take(value, ref reader));
        }

        return items;
    }

    private static RawJson Take(RawJson whole, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new RawJson(whole.Utf8[start..(int)reader.BytesConsumed]);
    }
}
