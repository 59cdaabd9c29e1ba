using System.Globalization;

namespace Stormly.Deploy.Json;

/// <summary>Says in words what is wrong with a JSON text.</summary>
internal static class JsonFaultText
{
    /// <summary>Describes a fault, without its place.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="text">The text that it was found in.</param>
    /// <param name="maxDepth">The bound that was set.</param>
    /// <returns>E.g. <c>it is nested deeper than 64 levels</c>.</returns>
    public static string Describe(JsonFault fault, ReadOnlySpan<byte> text, int maxDepth) => fault.Kind switch
    {
        JsonFaultKind.Empty => "nothing was sent",
        JsonFaultKind.ByteOrderMark => "it begins with a byte order mark",
        JsonFaultKind.Utf16 => "it is UTF-16, JSON is sent as UTF-8",
        JsonFaultKind.InvalidUtf8 => string.Create(CultureInfo.InvariantCulture, $"the byte 0x{text[fault.Offset]:X2} is not UTF-8 here"),
        JsonFaultKind.TooDeep => string.Create(CultureInfo.InvariantCulture, $"it is nested deeper than {maxDepth} levels"),
        JsonFaultKind.LoneSurrogate => $"{JsonText.Show(text.Slice(fault.Offset, LoneSurrogates.EscapeLength))} is half of a surrogate pair, which no text can hold",
        JsonFaultKind.DuplicateKey => $"the name \"{ShowInside(text[fault.Offset..])}\" stands twice in the same object",
        JsonFaultKind.Scalar => "it is a single value",
        _ => JsonSlips.Describe(text, fault.Offset),
    };

    private static string ShowInside(ReadOnlySpan<byte> quoted) => JsonText.Show(quoted[1..(JsonText.QuotedLength(quoted) - 1)]);
}
