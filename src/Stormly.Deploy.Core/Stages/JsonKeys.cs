using System.Text;
using System.Text.Json;

namespace Stormly.Deploy.Stages;

/// <summary>The keys of the objects that are open at the moment, to find duplicates: compared as text, so <c>"a"</c> and <c>"\u0061"</c> are the same.</summary>
internal sealed class JsonKeys
{
    private const int FewKeys = 16;

    private Entry[] _entries = new Entry[64];
    private int _count;

    /// <summary>Begins an object.</summary>
    public Range Open() => new() { First = _count };

    /// <summary>Forgets an object's keys.</summary>
    public void Close(Range range) => _count = range.First;

    /// <summary>Adds a key to the innermost object.</summary>
    /// <returns>Whether it was not there yet.</returns>
    public bool TryAdd(ref Range range, ReadOnlySpan<byte> text, Key key)
    {
        if (range.ByHash is null && _count - range.First >= FewKeys)
        {
            Index(ref range);
        }

        var found = range.ByHash is null ? FindFew(range.First, text, key) : FindMany(range.ByHash, text, key);
        if (!found)
        {
            Append(ref range, key);
        }

        return !found;
    }

    private bool FindFew(int first, ReadOnlySpan<byte> text, Key key)
    {
        for (var i = first; i < _count; i++)
        {
            if (_entries[i].Key.Hash == key.Hash && _entries[i].Key.SameText(text, key))
            {
                return true;
            }
        }

        return false;
    }

    private bool FindMany(Dictionary<int, int> byHash, ReadOnlySpan<byte> text, Key key)
    {
        for (var i = byHash.GetValueOrDefault(key.Hash, -1); i >= 0; i = _entries[i].Next)
        {
            if (_entries[i].Key.SameText(text, key))
            {
                return true;
            }
        }

        return false;
    }

    private void Append(ref Range range, Key key)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        _entries[_count] = new Entry { Key = key, Next = range.ByHash?.GetValueOrDefault(key.Hash, -1) ?? -1 };
        range.ByHash?[key.Hash] = _count;
        _count++;
    }

    private void Index(ref Range range)
    {
        range.ByHash = new Dictionary<int, int>(FewKeys * 4);
        for (var i = range.First; i < _count; i++)
        {
            _entries[i].Next = range.ByHash.GetValueOrDefault(_entries[i].Key.Hash, -1);
            range.ByHash[_entries[i].Key.Hash] = i;
        }
    }

    /// <summary>The keys of one open object.</summary>
    internal struct Range
    {
        public int First;
        public Dictionary<int, int>? ByHash;
    }

    /// <summary>A key by its place in the text.</summary>
    internal readonly struct Key
    {
        public int Start { get; private init; }

        public int Length { get; private init; }

        public int Hash { get; private init; }

        private bool Escaped { get; init; }

        /// <summary>The key that the reader stands on; its text must be free of lone surrogates.</summary>
        public static Key Of(ref Utf8JsonReader reader)
        {
            var hash = new HashCode();
            hash.AddBytes(reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan);
            return new Key
            {
                Start = (int)reader.TokenStartIndex + 1,
                Length = reader.ValueSpan.Length,
                Escaped = reader.ValueIsEscaped,
                Hash = hash.ToHashCode(),
            };
        }

        public bool SameText(ReadOnlySpan<byte> text, Key other)
            => Escaped || other.Escaped
                ? Text(text) == other.Text(text)
                : text.Slice(Start, Length).SequenceEqual(text.Slice(other.Start, other.Length));

        public bool IsText(ReadOnlySpan<byte> text, ReadOnlySpan<byte> plain)
            => Escaped ? Text(text) == Encoding.UTF8.GetString(plain) : text.Slice(Start, Length).SequenceEqual(plain);

        public string Text(ReadOnlySpan<byte> text)
        {
            if (!Escaped)
            {
                return Encoding.UTF8.GetString(text.Slice(Start, Length));
            }

            var reader = new Utf8JsonReader(text.Slice(Start - 1, Length + 2));
            reader.Read();
            return reader.GetString()!;
        }
    }

    private struct Entry
    {
        public Key Key;
        public int Next;
    }
}
