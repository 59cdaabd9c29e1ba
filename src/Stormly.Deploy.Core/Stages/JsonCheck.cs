using System.Text.Json;
using Stormly.Deploy.Json;

namespace Stormly.Deploy.Stages;

/// <summary>
/// Checks a whole document before anything is read from it: size, encoding, grammar, depth, duplicate keys, lone surrogates. One pass, no tree;
/// memory grows with the keys of open objects only. What passed can be read without any exception.
/// </summary>
internal static class JsonCheck
{
    /// <summary>The largest document, in bytes.</summary>
    internal const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Checks a document.</summary>
    /// <param name="utf8">The document's bytes.</param>
    /// <param name="lenient">Whether Python's non-finite numbers count as null; inside the root's <c>http</c> they are an error all the same.</param>
    /// <param name="problems">Takes every problem.</param>
    /// <returns>The document, or null where its text cannot be relied on.</returns>
    public static CheckedJson? Run(ReadOnlyMemory<byte> utf8, bool lenient, ProblemList problems)
    {
        if (utf8.Length > MaxBytes)
        {
            problems.Error("", $"must have at most {MaxBytes} bytes, this document has {utf8.Length}", "Move large data to the plugin's storage and keep what is needed to serve.");
            return null;
        }

        var written = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        var json = new CheckedJson(lenient ? NonFinite.Blank(written) : written, written);
        var walk = new Walk(json, utf8.Length - written.Length, problems);
        try
        {
            return walk.IsReadable() ? json : null;
        }
        finally
        {
            walk.Dispose();
        }
    }

    /// <summary>One pass over a document. A name that stands twice and half of a surrogate pair do not end it: the next problem is told as well.</summary>
    private ref struct Walk(CheckedJson json, int bytesBefore, ProblemList problems)
    {
        private readonly ReadOnlySpan<byte> _text = json.Text.Span;
        private readonly ReadOnlySpan<byte> _written = json.Written.Span;
        private readonly JsonPath _path = new(RawToken.MaxDepth);
        private StrictJsonReader _reader = new(json.Text.Span, RawToken.MaxDepth, goesOn: true);
        private bool _isInHttp;

        public bool IsReadable()
        {
            var good = true;
            while (_reader.Read())
            {
                _path.Follow(_reader.TokenType, _reader.Depth, _reader.TokenStart);
                good &= Visit();
            }

            if (_reader.Fault is { Kind: not JsonFaultKind.None } fault)
            {
                var (rule, remedy) = JsonProblemText.Explain(fault, _text, bytesBefore);
                var place = JsonPlace.Find(_text, fault, RawToken.MaxDepth);
                problems.Error(place.Pointer, rule, remedy, position: fault.IsOfWholeText ? null : (place.Line, place.Column));
                return false;
            }

            return good;
        }

        public void Dispose() => _reader.Dispose();

        private bool Visit()
        {
            switch (_reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    _isInHttp = _reader.Depth == 1 ? _reader.Name.SequenceEqual("http"u8) : _isInHttp;
                    return IsWhole() && IsNewKey();
                case JsonTokenType.String:
                    return IsWhole();
                case JsonTokenType.Number:
                    NoteNonFinite();
                    return true;
                default:
                    return true;
            }
        }

        private bool IsNewKey()
        {
            if (_reader.IsDuplicate)
            {
                Tell(ProblemSeverity.Error, "must not hold the same key twice in one object", "Keep one of the two.", _reader.Value.Length + 2);
            }

            return !_reader.IsDuplicate;
        }

        private bool IsWhole()
        {
            if (_reader.HasHalfPair)
            {
                const string Rule = "must not hold half of a surrogate pair (\\ud800 to \\udfff alone is no character)";
                Tell(ProblemSeverity.Error, Rule, "Write the whole character, or leave it out.", _reader.Value.Length + 2);
            }

            return !_reader.HasHalfPair;
        }

        private void NoteNonFinite()
        {
            if (!NonFinite.StandsAt(_written, _reader.TokenStart))
            {
                return;
            }

            var length = NonFinite.WordLength(_written, _reader.TokenStart);
            if (_isInHttp)
            {
                Tell(ProblemSeverity.Error, "must be JSON, which has no such number", "Write a finite number, or null.", length);
            }
            else
            {
                const string Remedy = "Write null instead of it (in Python: json.dumps(..., allow_nan=False) finds them).";
                Tell(ProblemSeverity.Warning, "is not JSON and is read as null", Remedy, length);
            }
        }

        private void Tell(ProblemSeverity severity, string rule, string remedy, int valueLength)
        {
            if (problems.IsFull(severity))
            {
                problems.Count(severity);
                return;
            }

            var start = _reader.TokenStart;
            problems.Add(severity, _path.Pointer(_text), rule, remedy, _written.Slice(start, valueLength), TextPosition.Of(_text, start));
        }
    }
}
