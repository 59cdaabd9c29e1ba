using System.Text.Json;
using Stormly.Deploy.Json;

namespace Stormly.Deploy.Requests;

/// <summary>Reads one caller's body: where its props are, which inputs they supply, and everything that is wrong with it. Must be disposed.</summary>
internal ref partial struct RequestBodyReader
{
    /// <summary>How many names that nobody explains are remembered, for "did you mean".</summary>
    public const int UnknownLimit = 16;

    private readonly ReadOnlySpan<byte> _body;
    private readonly InputTable _inputs;
    private readonly int _maxDepth;
    private readonly Span<ulong> _supplied;
    private readonly Span<ulong> _present;
    private readonly Span<Range> _unknown;
    private StrictJsonReader _json;
    private RequestProblems? _problems;
    private int _unknownCount;
    private Range _props;
    private Range _now;

    /// <summary>Makes a reader.</summary>
    /// <param name="body">The caller's body.</param>
    /// <param name="inputs">What the plugin expects.</param>
    /// <param name="maxDepth">How deep the body may be nested.</param>
    /// <param name="supplied">Zeros; gets the bits of inputs with a value.</param>
    /// <param name="present">Zeros; gets the bits of inputs that are there, with a value or with null.</param>
    /// <param name="unknown">Room for <see cref="UnknownLimit"/> names.</param>
    public RequestBodyReader(
        ReadOnlySpan<byte> body, InputTable inputs, int maxDepth, Span<ulong> supplied, Span<ulong> present, Span<Range> unknown)
    {
        _body = body;
        _inputs = inputs;
        _maxDepth = maxDepth;
        _supplied = supplied;
        _present = present;
        _unknown = unknown;
        _json = new StrictJsonReader(body, maxDepth);
    }

    /// <summary>Whether <c>props</c> was there, whatever its type.</summary>
    public bool HasProps { get; private set; }

    /// <summary>Whether <c>props</c> was there and is no object.</summary>
    public bool HasWrongProps { get; private set; }

    /// <summary>The names that nobody explains, with quotes, as far as they are remembered.</summary>
    public readonly ReadOnlySpan<Range> Unknown => _unknown[.._unknownCount];

    /// <summary>The problems so far; null where there is none.</summary>
    public readonly RequestProblems? ProblemsOrNull => _problems;

    /// <summary>The problems so far, made when first asked for.</summary>
    public RequestProblems Problems => _problems ??= new RequestProblems();

    /// <summary>Reads everything.</summary>
    /// <param name="props">The bytes that go to the plugin.</param>
    /// <returns>False where the body is no JSON object at all: then that alone is the problem.</returns>
    public bool Read(out PropsText props)
    {
        props = default;
        if (_json.Read() && _json.TokenType != JsonTokenType.StartObject)
        {
            return Refuse(RequestProblemText.NotAnObject("", _body[_json.TokenStart..]));
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            ReadTopMember();
        }

        if (_json.Read() || _json.Fault.Kind != JsonFaultKind.None)
        {
            return Refuse(RequestProblemText.NotJson(_json.Fault, _body, _maxDepth));
        }

        props = PropsText.Cut(_body, _props, _now);
        return true;
    }

    public void Dispose() => _json.Dispose();

    private bool Refuse(RequestProblem problem)
    {
        _problems = new RequestProblems();
        _problems.Count();
        _problems.Add(problem);
        return false;
    }

    private void ReadTopMember()
    {
        var nameStart = _json.TokenStart;
        if (_json.IsDuplicate)
        {
            AddDuplicate("", nameStart);
            SkipMember("", nameStart);
        }
        else if (_json.Name.SequenceEqual("props"u8))
        {
            HasProps = true;
            ReadProps(nameStart);
        }
        else if (_json.Name.SequenceEqual("context"u8))
        {
            var (isObject, value) = SkipMember("", nameStart);
            if (!isObject && Problems.Count())
            {
                Problems.Add(RequestProblemText.NotAnObject("/context", _body[value]));
            }
        }
        else
        {
            if (Problems.Count())
            {
                Problems.Add(RequestProblemText.NotInProps(_body[nameStart..]));
            }

            SkipMember("", nameStart);
        }
    }

    private void AddDuplicate(string parent, int nameStart)
    {
        if (Problems.Count())
        {
            Problems.Add(RequestProblemText.Duplicate(parent, _body[nameStart..]));
        }
    }

    /// <summary>Reads past the value of the member whose name was just read.</summary>
    /// <returns>Whether it is an object, and its bytes.</returns>
    private (bool IsObject, Range Value) SkipMember(string parent, int nameStart)
    {
        if (!_json.Read())
        {
            return (true, default);
        }

        var start = _json.TokenStart;
        var isObject = _json.TokenType == JsonTokenType.StartObject;
        SkipValue(parent, nameStart);
        return (isObject, start.._json.TokenEnd);
    }

    /// <summary>Reads to the end of the value whose first token was just read.</summary>
    private void SkipValue(string parent, int nameStart)
    {
        if (_json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        var depth = _json.Depth;
        while (_json.Read() && (_json.Depth > depth || _json.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray)))
        {
            if (_json.TokenType == JsonTokenType.PropertyName && _json.IsDuplicate && Problems.Count())
            {
                Problems.Add(RequestProblemText.DuplicateInside(parent, _body[nameStart..], _body[_json.TokenStart..]));
            }
        }
    }
}
