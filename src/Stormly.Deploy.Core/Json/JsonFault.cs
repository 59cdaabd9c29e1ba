using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Stormly.Deploy.Json;

/// <summary>What is wrong with a JSON text, and at which byte.</summary>
/// <param name="Kind">What is wrong; <see cref="JsonFaultKind.None"/> where nothing is.</param>
/// <param name="Offset">Where, in bytes from 0.</param>
internal readonly record struct JsonFault(JsonFaultKind Kind, int Offset)
{
    /// <summary>Whether it is about the text as a whole: then its place says nothing.</summary>
    public bool IsOfWholeText => Kind is JsonFaultKind.Empty or JsonFaultKind.ByteOrderMark or JsonFaultKind.Utf16;

    /// <summary>Finds what is wrong with the bytes before the grammar is looked at.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The fault, or the default value.</returns>
    public static JsonFault FindInBytes(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("\uFEFF"u8))
        {
            return new JsonFault(JsonFaultKind.ByteOrderMark, 0);
        }

        if (IsUtf16(text))
        {
            return new JsonFault(JsonFaultKind.Utf16, 0);
        }

        if (text.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return new JsonFault(JsonFaultKind.Empty, text.Length);
        }

        return Utf8.IsValid(text) ? default : new JsonFault(JsonFaultKind.InvalidUtf8, FindInvalidUtf8(text));
    }

    private static bool IsUtf16(ReadOnlySpan<byte> text)
        => text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, not 0, ..] or [not 0, 0, ..];

    private static int FindInvalidUtf8(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
        while (Rune.DecodeFromUtf8(text[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
