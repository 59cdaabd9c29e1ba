using System.Text;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>What answers look like, over all examples of them.</summary>
/// <param name="Sentence">In words.</param>
/// <param name="Fields">The names and types of their members, where they are objects.</param>
/// <param name="More">How many more members there are.</param>
internal sealed record OutputShape(string Sentence, IReadOnlyList<(string Name, string Type)> Fields, int More)
{
    private const int MostFields = 24;
    private const int LongestName = 80;

    /// <summary>Looks at examples.</summary>
    /// <param name="outputs">The examples; at least one.</param>
    /// <returns>Their shape.</returns>
    public static OutputShape Of(IReadOnlyList<RawJson> outputs)
    {
        var fields = new Dictionary<string, (SortedSet<string> Types, int Count)>(StringComparer.Ordinal);
        var names = new List<string>();
        var objects = 0;
        foreach (var output in outputs)
        {
            objects += ReadObject(output, fields, names) ? 1 : 0;
        }

        var sentence = objects == outputs.Count ? "A JSON object:" : objects == 0 ? "A JSON array." : "A JSON object or array. The object:";
        var shown = names.Take(MostFields).Select(n => (Shorten(n), Describe(fields[n], objects))).ToList();
        return new OutputShape(names.Count == 0 && objects > 0 ? "A JSON object." : sentence, shown, names.Count - shown.Count);
    }

    private static bool ReadObject(RawJson output, Dictionary<string, (SortedSet<string> Types, int Count)> fields, List<string> names)
    {
        var reader = new Utf8JsonReader(output.Utf8.Span, JsonLayout.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (!fields.TryGetValue(name, out var field))
            {
                field = (new SortedSet<string>(StringComparer.Ordinal), 0);
                names.Add(name);
            }

            field.Types.Add(Word(reader.TokenType));
            fields[name] = (field.Types, field.Count + 1);
            reader.Skip();
        }

        return true;
    }

    private static string Describe((SortedSet<string> Types, int Count) field, int objects)
        => new StringBuilder().AppendJoin(" or ", field.Types).Append(field.Count < objects ? ", not always" : "").ToString();

    private static string Shorten(string name) => PrintableText.Escape(name, maxLength: LongestName);

    private static string Word(JsonTokenType token) => token switch
    {
        JsonTokenType.String => "text",
        JsonTokenType.Number => "number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "array",
        _ => "object",
    };
}
