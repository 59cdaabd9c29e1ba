using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>The merge itself: which stage said what about each key, in the order in which keys first appeared.</summary>
internal sealed class MergedKeys
{
    private const int FewKeys = 16;

    private readonly List<MergedKey> _keys = new(HttpKeys.All.Length);
    private Dictionary<string, MergedKey>? _byName;

    /// <summary>Every key that any stage named, those removed by a null included.</summary>
    public IReadOnlyList<MergedKey> Keys => _keys;

    /// <summary>Lays one stage's object over what came before.</summary>
    public void Add(StageResult stage, RawJson http)
    {
        var reader = new Utf8JsonReader(http.Utf8.Span, RawToken.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = GetOrAdd(HttpKeys.Read(ref reader));
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isNull = reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            key.Set(stage, isNull ? null : new RawJson(http.Utf8[start..(int)reader.BytesConsumed]));
        }
    }

    /// <summary>Finds a key.</summary>
    public MergedKey? Find(string name)
    {
        if (_byName is not null)
        {
            return _byName.GetValueOrDefault(name);
        }

        foreach (var key in _keys)
        {
            if (key.Name == name)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>The keys that have a value after the merge.</summary>
    public ImmutableArray<HttpValue> ToValues()
    {
        var values = ImmutableArray.CreateBuilder<HttpValue>(_keys.Count);
        foreach (var key in _keys)
        {
            if (key.Value is { } value)
            {
                values.Add(new HttpValue(key.Name, value, key.Stage.Stage, key.Overrode()));
            }
        }

        return values.DrainToImmutable();
    }

    private MergedKey GetOrAdd(string name)
    {
        if (Find(name) is { } known)
        {
            return known;
        }

        var key = new MergedKey(name);
        _keys.Add(key);
        if (_keys.Count > FewKeys && _byName is null)
        {
            _byName = _keys.ToDictionary(k => k.Name, StringComparer.Ordinal);
        }
        else
        {
            _byName?.Add(name, key);
        }

        return key;
    }
}
