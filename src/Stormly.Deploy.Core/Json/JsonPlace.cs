using System.Text.Json;

namespace Stormly.Deploy.Json;

/// <summary>A place in a JSON text for people: worked out from the byte only when something is wrong.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The character in the line, from 1.</param>
/// <param name="Pointer">The JSON pointer of the value that stands there or was begun; long names are cut.</param>
internal readonly record struct JsonPlace(int Line, int Column, string Pointer)
{
    /// <summary>Works a place out, in time linear in its offset.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <param name="maxDepth">How deep the text may be nested.</param>
    /// <returns>The place.</returns>
    public static JsonPlace Find(ReadOnlySpan<byte> text, JsonFault fault, int maxDepth)
    {
        var (line, column) = TextPosition.Of(text, fault.Offset);

        // Where the grammar breaks there is no token to look at: reading stops short of it, so that it cannot fail a second time.
        var readable = fault.Kind is JsonFaultKind.Syntax or JsonFaultKind.InvalidUtf8 ? text[..fault.Offset] : text;
        return new JsonPlace(line, column, PointerOf(readable, fault.Offset, maxDepth));
    }

    private static string PointerOf(ReadOnlySpan<byte> text, int offset, int maxDepth)
    {
        var path = new JsonPath(maxDepth);
        var reader = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = maxDepth + 1 }));
        var (end, last) = (0, JsonTokenType.None);
        try
        {
            while (reader.Read() && reader.TokenStartIndex <= offset)
            {
                path.Follow(reader.TokenType, reader.CurrentDepth, (int)reader.TokenStartIndex);
                if (reader.BytesConsumed > offset)
                {
                    return path.Pointer(text, reader.CurrentDepth);
                }

                (end, last) = ((int)reader.BytesConsumed, reader.TokenType);
            }
        }
        catch (JsonException)
        {
            // The text breaks here: what was read before it says where.
        }

        if (last is JsonTokenType.StartArray or JsonTokenType.StartObject || text[Math.Min(end, offset)..offset].TrimStart(" \t\r\n"u8) is [(byte)',', ..])
        {
            path.Advance();
        }

        return path.Pointer(text);
    }
}
