using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Explain;

/// <summary>
/// What several JSON values have in common: the types that were seen, the members of objects, the items of arrays. Bounded in depth and in names; what is
/// beyond a bound may be anything. Not for several threads at once.
/// </summary>
internal sealed class JsonShape
{
    /// <summary>How deep values are looked into.</summary>
    public const int MaxDepth = 16;

    /// <summary>How many names of one object are told apart: an object with more is rather a table with keys.</summary>
    public const int MaxNames = 200;

    private readonly OrderedDictionary<string, JsonShape> _members = new(StringComparer.Ordinal);
    private int _objects;
    private int _seen;

    /// <summary>The types that were seen.</summary>
    public JsonKinds Kinds { get; private set; }

    /// <summary>The items of all arrays together; null where there was none.</summary>
    public JsonShape? Items { get; private set; }

    /// <summary>The values of the names beyond <see cref="MaxNames"/>, together; null where there were not that many.</summary>
    public JsonShape? Others { get; private set; }

    /// <summary>The members of objects, in the order in which they were first seen.</summary>
    public IEnumerable<KeyValuePair<string, JsonShape>> Members => _members;

    /// <summary>The members that every object has.</summary>
    public IEnumerable<string> Required => _members.Where(m => m.Value._seen == _objects).Select(m => m.Key);

    /// <summary>Looks at several values.</summary>
    /// <param name="values">JSON of a depth that <see cref="RawToken"/> reads.</param>
    /// <returns>What they have in common.</returns>
    public static JsonShape Of(IEnumerable<RawJson> values)
    {
        var shape = new JsonShape();
        foreach (var value in values)
        {
            var reader = RawToken.Of(value);
            shape.Add(ref reader, MaxDepth);
        }

        return shape;
    }

    /// <summary>Looks at the value whose first token was just read, and reads to its end.</summary>
    private void Add(ref Utf8JsonReader reader, int depth)
    {
        _seen++;
        Kinds |= KindOf(in reader);
        if (depth == 0)
        {
            reader.Skip();
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                (Items ??= new JsonShape()).Add(ref reader, depth - 1);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            _objects++;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var member = Member(reader.GetString()!);
                reader.Read();
                member.Add(ref reader, depth - 1);
            }
        }
    }

    private JsonShape Member(string name)
    {
        if (_members.TryGetValue(name, out var known))
        {
            return known;
        }

        return _members.Count < MaxNames ? _members[name] = new JsonShape() : Others ??= new JsonShape();
    }

    /// <summary>The type of the value that a reader stands on.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>One type.</returns>
    public static JsonKinds KindOf(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => JsonKinds.Object,
        JsonTokenType.StartArray => JsonKinds.Array,
        JsonTokenType.String => JsonKinds.String,
        JsonTokenType.True or JsonTokenType.False => JsonKinds.Boolean,
        JsonTokenType.Null => JsonKinds.Null,
        _ => reader.ValueSpan.IndexOfAny("eE."u8) < 0 ? JsonKinds.Integer : JsonKinds.Number,
    };
}
