using System.Text;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Json;

/// <summary>The way from the root of a JSON text to the token that a reader stands on. Holds offsets into the text, no copies of it.</summary>
/// <param name="maxDepth">How deep the text may be nested.</param>
internal sealed class JsonPath(int maxDepth)
{
    private const int LongestName = 200;
    private const int LongestPointer = 400;

    private readonly Step[] _steps = new Step[maxDepth + 2];

    /// <summary>How many steps lead to the value that the last token belongs to: into an object or array where the token began one.</summary>
    public int Length { get; private set; }

    /// <summary>Takes the token that was just read.</summary>
    /// <param name="token">What it is.</param>
    /// <param name="depth">How many objects and arrays are open around it.</param>
    /// <param name="start">Where it begins, in bytes.</param>
    public void Follow(JsonTokenType token, int depth, int start)
    {
        Length = depth;
        switch (token)
        {
            case JsonTokenType.PropertyName:
                _steps[depth - 1] = new Step(-1, start);
                return;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                return;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                Count(depth);
                _steps[depth] = new Step(token == JsonTokenType.StartArray ? 0 : -1, -1);
                Length++;
                return;
            default:
                Count(depth);
                return;
        }
    }

    /// <summary>Moves on to what follows and could not be read: an array's next element; of an object's next member not even the name is known.</summary>
    public void Advance()
    {
        if (Length > 0 && _steps[Length - 1].Elements < 0)
        {
            Length--;
        }
        else
        {
            Count(Length);
        }
    }

    /// <summary>The place of the last token, or of what <see cref="Advance"/> moved on to, as a JSON pointer (RFC 6901), printable and of bounded length.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="length">How many steps to take; by default all.</param>
    /// <returns>The pointer; empty for the root.</returns>
    public string Pointer(ReadOnlySpan<byte> text, int? length = null)
    {
        var pointer = new StringBuilder();
        foreach (var (elements, name) in _steps.AsSpan(0, length ?? Length))
        {
            if (pointer.Length > LongestPointer)
            {
                return pointer.Append("/…").ToString();
            }

            if (elements >= 0)
            {
                pointer.Append('/').Append(Math.Max(elements - 1, 0));
            }
            else if (name >= 0)
            {
                pointer.Append(Member(JsonText.Unquote(text[name..])));
            }
        }

        return pointer.ToString();
    }

    /// <summary>One step of a JSON pointer, printable and cut where it is long.</summary>
    /// <param name="name">The member's name.</param>
    /// <returns>The step with its slash.</returns>
    public static string Member(ReadOnlySpan<char> name)
        => "/" + PrintableText.Escape(name, maxLength: LongestName).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private void Count(int depth)
    {
        if (depth > 0 && _steps[depth - 1].Elements >= 0)
        {
            _steps[depth - 1].Elements++;
        }
    }

    /// <summary>One open object or array.</summary>
    /// <param name="Elements">How many elements of an array were begun; -1 for an object.</param>
    /// <param name="Name">Where the name of an object's member begins, with its quote; -1 where none was read.</param>
    private record struct Step(int Elements, int Name);
}
