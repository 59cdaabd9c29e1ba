using System.Text.Json;
using System.Text.Unicode;

namespace Stormly.Deploy.Stages;

/// <summary>
/// Checks a whole document before anything is read from it: size, encoding, grammar, depth, duplicate keys, lone surrogates. One pass, no tree;
/// memory grows with the keys of open objects only. What passed can be read without any exception.
/// </summary>
internal static class JsonCheck
{
    /// <summary>The largest document, in bytes.</summary>
    internal const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The deepest nesting.</summary>
    internal const int MaxDepth = 64;

    /// <summary>Options for readers of checked text.</summary>
    internal static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth + 1 };

    /// <summary>Checks a document.</summary>
    /// <param name="utf8">The document's bytes.</param>
    /// <param name="lenient">Whether Python's non-finite numbers count as null; inside the root's <c>http</c> they are an error all the same.</param>
    /// <param name="problems">Takes every problem.</param>
    /// <returns>The document, or null where its text cannot be relied on.</returns>
    public static CheckedJson? Run(ReadOnlyMemory<byte> utf8, bool lenient, ProblemList problems)
    {
        var written = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        if (FindProblemOfBytes(utf8.Span, written.Span) is var (rule, remedy))
        {
            problems.Error("", rule, remedy);
            return null;
        }

        var json = new CheckedJson(lenient ? NonFinite.Blank(written) : written, written);
        return new Walk(json, problems).IsReadable() ? json : null;
    }

    private static (string Rule, string Remedy)? FindProblemOfBytes(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> written)
    {
        if (utf8.Length > MaxBytes)
        {
            return ($"must have at most {MaxBytes} bytes, this document has {utf8.Length}", "Move large data to the plugin's storage and keep what is needed to serve.");
        }

        if (utf8 is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return ("must be UTF-8, but begins like UTF-16", "Save the file as UTF-8.");
        }

        if (written.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return ("must hold a JSON object, but is empty", "Check that the stage ran to its end and wrote its results.");
        }

        return Utf8.IsValid(utf8)
            ? null
            : ($"must be UTF-8, but the byte at offset {InvalidOffset(utf8)} is not", "Write the file as UTF-8 (in Python: open(path, 'w', encoding='utf-8')).");
    }

    private static int InvalidOffset(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && System.Text.Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    /// <summary>One pass over a document.</summary>
    private readonly ref struct Walk(CheckedJson json, ProblemList problems)
    {
        private readonly ReadOnlySpan<byte> _text = json.Text.Span;
        private readonly ReadOnlySpan<byte> _written = json.Written.Span;
        private readonly JsonPath _path = new();

        public bool IsReadable()
        {
            var good = true;
            var reader = new Utf8JsonReader(_text, ReaderOptions);
            try
            {
                while (reader.Read())
                {
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && _path.Depth == MaxDepth)
                    {
                        TooDeep(ref reader);
                        return false;
                    }

                    good &= Visit(ref reader);
                }

                return good;
            }
            catch (JsonException e)
            {
                var offset = TextPosition.OffsetOf(_text, e.LineNumber ?? 0, e.BytePositionInLine ?? 0);
                var (rule, remedy) = JsonFault.Explain(_text, offset);
                problems.Error(_path.Pointer(_text), rule, remedy, position: TextPosition.Of(_text, offset));
                return false;
            }
        }

        private bool Visit(ref Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _path.Close();
                    return true;
                case JsonTokenType.PropertyName:
                    _path.ForgetKey();
                    return IsWhole(ref reader) && IsNewKey(ref reader);
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    _path.Count();
                    _path.Open(reader.TokenType == JsonTokenType.StartArray);
                    return true;
                case JsonTokenType.String:
                    _path.Count();
                    return IsWhole(ref reader);
                default:
                    _path.Count();
                    NoteNonFinite(ref reader);
                    return true;
            }
        }

        private bool IsNewKey(ref Utf8JsonReader reader)
        {
            if (_path.TryKey(_text, ref reader))
            {
                return true;
            }

            Tell(ProblemSeverity.Error, "must not hold the same key twice in one object", "Keep one of the two.", ref reader, reader.ValueSpan.Length + 2);
            return false;
        }

        private bool IsWhole(ref Utf8JsonReader reader)
        {
            if (!reader.ValueIsEscaped || !Surrogates.HasLone(reader.ValueSpan))
            {
                return true;
            }

            const string Rule = "must not hold half of a surrogate pair (\\ud800 to \\udfff alone is no character)";
            Tell(ProblemSeverity.Error, Rule, "Write the whole character, or leave it out.", ref reader, reader.ValueSpan.Length + 2);
            return false;
        }

        private void NoteNonFinite(ref Utf8JsonReader reader)
        {
            var at = (int)reader.TokenStartIndex;
            if (!NonFinite.StandsAt(_written, at))
            {
                return;
            }

            var length = NonFinite.WordLength(_written, at);
            if (_path.IsInside(_text, "http"u8))
            {
                Tell(ProblemSeverity.Error, "must be JSON, which has no such number", "Write a finite number, or null.", ref reader, length);
            }
            else
            {
                const string Remedy = "Write null instead of it (in Python: json.dumps(..., allow_nan=False) finds them).";
                Tell(ProblemSeverity.Warning, "is not JSON and is read as null", Remedy, ref reader, length);
            }
        }

        private void TooDeep(ref Utf8JsonReader reader)
            => Tell(ProblemSeverity.Error, $"must not be nested deeper than {MaxDepth} levels", "Flatten the data.", ref reader, 0);

        private void Tell(ProblemSeverity severity, string rule, string remedy, ref Utf8JsonReader reader, int valueLength)
        {
            if (problems.IsFull(severity))
            {
                problems.Count(severity);
                return;
            }

            var start = (int)reader.TokenStartIndex;
            problems.Add(severity, _path.Pointer(_text), rule, remedy, _written.Slice(start, valueLength), TextPosition.Of(_text, start));
        }
    }
}
