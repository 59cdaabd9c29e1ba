using System.Text.Json;

namespace Stormly.Deploy.Json;

/// <summary>
/// Reads JSON as strictly as everybody can agree on: RFC 8259 in valid UTF-8, without names that stand twice, without half surrogate pairs, and not deeper
/// than a bound. What is wrong is a value, never an exception. Must be disposed.
/// </summary>
internal ref struct StrictJsonReader
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _maxDepth;
    private readonly bool _goesOn;
    private Utf8JsonReader _reader;
    private JsonKeys _keys;

    /// <summary>Makes a reader.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="maxDepth">How deep it may be nested.</param>
    /// <param name="goesOn">Whether half of a surrogate pair is told by <see cref="HasHalfPair"/> and does not end the reading, for those who tell several problems at once.</param>
    public StrictJsonReader(ReadOnlySpan<byte> text, int maxDepth, bool goesOn = false)
    {
        _text = text;
        _maxDepth = maxDepth;
        _goesOn = goesOn;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        _keys = new JsonKeys(text);
        Fault = JsonFault.FindInBytes(text);
    }

    /// <summary>What ended the reading too early.</summary>
    public JsonFault Fault { get; private set; }

    public readonly JsonTokenType TokenType => _reader.TokenType;

    public readonly int Depth => _reader.CurrentDepth;

    /// <summary>Where the token begins, in bytes.</summary>
    public readonly int TokenStart => (int)_reader.TokenStartIndex;

    /// <summary>Where the token ends, in bytes.</summary>
    public readonly int TokenEnd => (int)_reader.BytesConsumed;

    /// <summary>The token's own bytes, without quotes.</summary>
    public readonly ReadOnlySpan<byte> Value => _reader.ValueSpan;

    /// <summary>The last name that was read, without escapes; empty where it holds half of a surrogate pair.</summary>
    public readonly ReadOnlySpan<byte> Name => _keys.Name;

    /// <summary>The hash of <see cref="Name"/>.</summary>
    public readonly uint NameHash => _keys.Hash;

    /// <summary>Whether the name that was just read stands in its object already. Reading may go on.</summary>
    public bool IsDuplicate { get; private set; }

    /// <summary>Whether the name or text that was just read holds half of a surrogate pair: no text can hold it.</summary>
    public bool HasHalfPair { get; private set; }

    /// <summary>Reads the next token.</summary>
    /// <returns>False at the end, and where <see cref="Fault"/> says why it cannot go on.</returns>
    public bool Read()
    {
        if (Fault.Kind != JsonFaultKind.None)
        {
            return false;
        }

        try
        {
            if (!_reader.Read())
            {
                return false;
            }
        }
        catch (JsonException e)
        {
            return Stop(JsonFaultKind.Syntax, TextPosition.OffsetOf(_text, e.LineNumber ?? 0, e.BytePositionInLine ?? 0));
        }

        return _reader.TokenType switch
        {
            JsonTokenType.StartObject or JsonTokenType.StartArray
                => _reader.CurrentDepth < _maxDepth || Stop(JsonFaultKind.TooDeep, TokenStart),
            JsonTokenType.PropertyName => CheckEscapes() && TakeName(),
            JsonTokenType.String => CheckEscapes(),
            JsonTokenType.EndObject => CloseObject(),
            _ => true,
        };
    }

    /// <summary>Makes what stands here the fault that ends the reading.</summary>
    /// <param name="kind">What is wrong.</param>
    /// <param name="offset">Where.</param>
    /// <returns>False.</returns>
    public bool Stop(JsonFaultKind kind, int offset)
    {
        Fault = new JsonFault(kind, offset);
        return false;
    }

    public void Dispose() => _keys.Dispose();

    private bool CheckEscapes()
    {
        HasHalfPair = false;
        if (!_reader.ValueIsEscaped)
        {
            return true;
        }

        var at = LoneSurrogates.Find(_reader.ValueSpan);
        HasHalfPair = at >= 0;
        return at < 0 || _goesOn || Stop(JsonFaultKind.LoneSurrogate, TokenStart + 1 + at);
    }

    private bool TakeName()
    {
        if (HasHalfPair)
        {
            _keys.PassOver();
            IsDuplicate = false;
        }
        else
        {
            IsDuplicate = !_keys.TryAdd(in _reader);
        }

        return true;
    }

    private bool CloseObject()
    {
        _keys.Close(_reader.CurrentDepth + 1);
        return true;
    }
}
