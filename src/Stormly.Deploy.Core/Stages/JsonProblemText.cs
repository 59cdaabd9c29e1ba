using Stormly.Deploy.Json;

namespace Stormly.Deploy.Stages;

/// <summary>Says which rule a document's text breaks and what its author can do, from the fault that ended the reading.</summary>
internal static class JsonProblemText
{
    /// <summary>Explains a fault.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="text">The text that it was found in.</param>
    /// <param name="bytesBefore">How many bytes of the document stand before the text: those of a byte order mark.</param>
    /// <returns>The rule and what to do.</returns>
    public static (string Rule, string Remedy) Explain(JsonFault fault, ReadOnlySpan<byte> text, int bytesBefore) => fault.Kind switch
    {
        JsonFaultKind.Empty => ("must hold a JSON object, but is empty", "Check that the stage ran to its end and wrote its results."),
        JsonFaultKind.ByteOrderMark => ("must have one byte order mark at most, but has two", "Save the file as UTF-8 without any."),
        JsonFaultKind.Utf16 => ("must be UTF-8, but begins like UTF-16", "Save the file as UTF-8."),
        JsonFaultKind.InvalidUtf8 =>
            ($"must be UTF-8, but the byte at offset {bytesBefore + fault.Offset} is not", "Write the file as UTF-8 (in Python: open(path, 'w', encoding='utf-8'))."),
        JsonFaultKind.TooDeep => ($"must not be nested deeper than {RawToken.MaxDepth} levels", "Flatten the data."),
        _ => ($"must be JSON, but {JsonSlips.Describe(text, fault.Offset)}", Mend(JsonSlips.Find(text, fault.Offset))),
    };

    private static string Mend(JsonSlip slip) => slip switch
    {
        JsonSlip.EndsEarly => "Check that the stage ran to its end and that the file was copied whole.",
        JsonSlip.NonFinite => "Write null instead (in Python: json.dumps(..., allow_nan=False) finds them).",
        JsonSlip.CapitalWord or JsonSlip.SingleQuote => "Write it with json.dumps, not with str.",
        JsonSlip.Comment => "Take the comment away.",
        JsonSlip.TrailingComma => "Take the comma away.",
        JsonSlip.ControlCharacter => "Write control characters inside strings as escapes (\\n, \\u0000), best with a JSON library.",
        JsonSlip.NulByte => "Check that the file was written and copied whole.",
        _ => "Write the file with a JSON library.",
    };
}
