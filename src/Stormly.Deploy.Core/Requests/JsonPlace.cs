using System.Text;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Requests;

/// <summary>A place in a JSON text for people: worked out from the byte only when something is wrong.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The character in the line, from 1.</param>
/// <param name="Pointer">The JSON pointer of the value that stands there or was begun; long names are cut.</param>
internal readonly record struct JsonPlace(int Line, int Column, string Pointer)
{
    private const int LongestName = 80;
    private const int LongestPointer = 400;

    /// <summary>Works a place out, in time linear in its offset.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <param name="maxDepth">How deep the text may be nested.</param>
    /// <returns>The place.</returns>
    public static JsonPlace Find(ReadOnlySpan<byte> text, JsonFault fault, int maxDepth)
    {
        var before = text[..fault.Offset];
        var line = before.Count((byte)'\n') + 1;
        var column = 1;
        foreach (var b in before[(before.LastIndexOf((byte)'\n') + 1)..])
        {
            column += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        // Where the grammar breaks there is no token to look at: reading stops short of it, so that it cannot fail a second time.
        var readable = fault.Kind is JsonFaultKind.Syntax or JsonFaultKind.InvalidUtf8 ? before : text;
        return new JsonPlace(line, column, PointerOf(readable, fault.Offset, maxDepth));
    }

    /// <summary>One step of a JSON pointer, printable and cut where it is long.</summary>
    /// <param name="name">The member's name.</param>
    /// <returns>The step with its slash.</returns>
    public static string Step(ReadOnlySpan<char> name)
        => "/" + PrintableText.Escape(name, maxLength: LongestName).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string PointerOf(ReadOnlySpan<byte> text, int offset, int maxDepth)
    {
        var steps = new (int Index, Range Name)[maxDepth + 2];
        var reader = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = maxDepth + 1 }));
        var (depth, end, last) = (0, 0, JsonTokenType.None);
        try
        {
            while (reader.Read() && reader.TokenStartIndex <= offset)
            {
                depth = Follow(ref reader, steps);
                if (reader.BytesConsumed > offset)
                {
                    return Join(text, steps.AsSpan(0, reader.CurrentDepth));
                }

                (end, last) = ((int)reader.BytesConsumed, reader.TokenType);
            }
        }
        catch (JsonException)
        {
            // The text breaks here: what was read before it says where.
        }

        var startsAnother = last is JsonTokenType.StartArray or JsonTokenType.StartObject
            || text[Math.Min(end, offset)..offset].TrimStart(" \t\r\n"u8) is [(byte)',', ..];
        return Join(text, steps.AsSpan(0, startsAnother ? Advance(steps, depth) : depth));
    }

    /// <summary>Notes the token in the steps.</summary>
    /// <returns>How many steps lead to the value that the token belongs to.</returns>
    private static int Follow(ref Utf8JsonReader reader, (int Index, Range Name)[] steps)
    {
        var depth = reader.CurrentDepth;
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                var start = (int)reader.TokenStartIndex;
                steps[depth - 1] = (-1, start..(start + reader.ValueSpan.Length + 2));
                return depth;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                return depth;
            default:
                if (depth > 0 && steps[depth - 1].Index >= 0)
                {
                    steps[depth - 1].Index++;
                }

                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                {
                    steps[depth] = (reader.TokenType == JsonTokenType.StartArray ? 0 : -1, default);
                }

                return depth + (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0);
        }
    }

    /// <summary>Moves on to the element that could not be read; of an object's next member not even the name is known.</summary>
    private static int Advance((int Index, Range Name)[] steps, int depth)
    {
        if (depth == 0 || steps[depth - 1].Index < 0)
        {
            return Math.Max(depth - 1, 0);
        }

        steps[depth - 1].Index++;
        return depth;
    }

    private static string Join(ReadOnlySpan<byte> text, ReadOnlySpan<(int Index, Range Name)> steps)
    {
        var pointer = new StringBuilder();
        foreach (var (index, name) in steps)
        {
            if (pointer.Length > LongestPointer)
            {
                return pointer.Append("/…").ToString();
            }

            if (index >= 0)
            {
                pointer.Append('/').Append(Math.Max(index - 1, 0));
            }
            else if (name.End.Value > 0)
            {
                pointer.Append(Step(Unescape(text[name])));
            }
        }

        return pointer.ToString();
    }

    private static string Unescape(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(quoted[1..^1]);
        }
    }
}
