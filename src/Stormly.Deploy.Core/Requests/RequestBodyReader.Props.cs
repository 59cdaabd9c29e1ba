using System.Text.Json;

namespace Stormly.Deploy.Requests;

/// <content>What stands inside <c>props</c>.</content>
internal ref partial struct RequestBodyReader
{
    private void ReadProps(int nameStart)
    {
        if (!_json.Read())
        {
            return;
        }

        var start = _json.TokenStart;
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            HasWrongProps = true;
            SkipValue("", nameStart);
            if (Problems.Count())
            {
                Problems.Add(RequestProblemText.NotAnObject("/props", _body[start..]));
            }

            return;
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            ReadProp();
        }

        _props = (start + 1).._json.TokenStart;
    }

    private void ReadProp()
    {
        var nameStart = _json.TokenStart;
        if (_json.IsDuplicate)
        {
            AddDuplicate("/props", nameStart);
            SkipMember("/props", nameStart);
        }
        else if (_json.Name.SequenceEqual("now"u8))
        {
            SkipMember("/props", nameStart);
            _now = nameStart.._json.TokenEnd;
        }
        else if (_inputs.Find(_json.Name, _json.NameHash) is { } input)
        {
            ReadInput(input, nameStart);
        }
        else
        {
            Remember(nameStart);
            SkipMember("/props", nameStart);
        }
    }

    private void ReadInput(KnownInput input, int nameStart)
    {
        if (!_json.Read())
        {
            return;
        }

        var (start, token) = (_json.TokenStart, _json.TokenType);
        var isNull = token == JsonTokenType.Null;
        var isAllowed = isNull || ValueRule.Allows(input.Type, token, _json.Value);
        SkipValue("/props", nameStart);
        var bit = 1UL << (input.Index % 64);
        _present[input.Index / 64] |= bit;
        _supplied[input.Index / 64] |= isNull ? 0 : bit;
        if (!isAllowed && Problems.Count())
        {
            Problems.Add(RequestProblemText.WrongType(input, _body[start.._json.TokenEnd]));
        }
    }

    private void Remember(int nameStart)
    {
        if (_unknownCount < _unknown.Length)
        {
            _unknown[_unknownCount++] = nameStart..(nameStart + _json.Value.Length + 2);
        }
    }
}
