using System.Text;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>
/// Lays a JSON value out for reading: line breaks and margins are ours, every name, number and text stays as it was written. What is long is cut, so that no page
/// grows by what a plugin says. The page's script lays answers out in the same way.
/// </summary>
internal sealed class JsonLayout
{
    /// <summary>For text that was checked already.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 65 };

    private const int LongestLine = 60;

    private readonly List<JsonPiece> _pieces = [];
    private readonly ReadOnlyMemory<byte> _json;
    private readonly int _limit;
    private readonly StringBuilder _plain = new();
    private int _length;

    private JsonLayout(ReadOnlyMemory<byte> json, int limit)
    {
        _json = json;
        _limit = limit;
    }

    private bool IsFull => _length + _plain.Length >= _limit;

    /// <summary>Lays out a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="limit">About how many characters are shown at most.</param>
    /// <returns>The pieces in order, and whether all of it is there.</returns>
    public static (IReadOnlyList<JsonPiece> Pieces, bool Whole) Of(RawJson value, int limit)
    {
        var layout = new JsonLayout(value.Utf8, limit);
        var reader = new Utf8JsonReader(value.Utf8.Span, Options);
        reader.Read();
        layout.Value(ref reader, "\n", inline: false);
        layout.Flush();
        return (layout._pieces, !layout.IsFull);
    }

    private void Value(ref Utf8JsonReader reader, string line, bool inline)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Container(ref reader, line, inline);
                break;
            case JsonTokenType.String:
                Token(ref reader, "s");
                break;
            case JsonTokenType.Number:
                Token(ref reader, "n");
                break;
            default:
                Token(ref reader, "w");
                break;
        }
    }

    private void Container(ref Utf8JsonReader reader, string line, bool inline)
    {
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        inline |= (line.Length > 1 || !isObject) && IsShort(reader);
        var inner = inline ? "" : line + "  ";
        Plain(isObject ? "{" : "[");
        var count = 0;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray) && !IsFull)
        {
            Plain(count++ == 0 ? inner : inline ? ", " : "," + inner);
            if (isObject)
            {
                Token(ref reader, "k");
                Plain(": ");
                reader.Read();
            }

            Value(ref reader, inline ? line : inner, inline);
        }

        if (!IsFull)
        {
            Plain(inline || count == 0 ? "" : line);
            Plain(isObject ? "}" : "]");
        }
    }

    private static bool IsShort(Utf8JsonReader reader)
    {
        var start = reader.TokenStartIndex;
        reader.Skip();
        return reader.BytesConsumed - start <= LongestLine;
    }

    private void Token(ref Utf8JsonReader reader, string kind)
    {
        var start = (int)reader.TokenStartIndex;
        var length = reader.ValueSpan.Length + (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 2 : 0);
        var text = SafeJson.Show(Encoding.UTF8.GetString(_json.Span.Slice(start, length)));
        Flush();
        if (text.Length > _limit - _length)
        {
            text = string.Concat(text.AsSpan(0, Math.Max(0, _limit - _length)), "…");
        }

        Add(kind, text);
    }

    private void Plain(string text) => _plain.Append(text);

    private void Flush()
    {
        if (_plain.Length > 0)
        {
            Add("", _plain.ToString());
            _plain.Clear();
        }
    }

    private void Add(string kind, string text)
    {
        _length += text.Length;
        _pieces.Add(new JsonPiece(kind, text));
    }
}
