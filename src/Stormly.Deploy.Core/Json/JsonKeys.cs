using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Stormly.Deploy.Json;

/// <summary>
/// The names of all objects that are open at one place of a JSON text, to find one that stands twice in the same object. One hash table with linear probing for all
/// levels: names leave it in the reverse order of their coming, so that clearing a slot is all there is to removal. Memory is pooled and
/// grows with the names of open objects only; time is linear in the text.
/// </summary>
internal ref struct JsonKeys
{
    private const int FirstCapacity = 64;

    private readonly ReadOnlySpan<byte> _text;
    private Entry[]? _entries;
    private int[]? _slots;
    private byte[]? _unescaped;
    private int _capacity;
    private int _count;
    private int _unescapedLength;

    public JsonKeys(ReadOnlySpan<byte> text)
    {
        _text = text;
        Name = default;
    }

    /// <summary>The name that was last given to <see cref="TryAdd"/>, without escapes. Valid until the next one.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The hash of <see cref="Name"/>.</summary>
    public uint Hash { get; private set; }

    /// <summary>Takes the name that the reader stands on.</summary>
    /// <param name="reader">Stands on a name; its escapes were checked.</param>
    /// <returns>False where the name stands in the same object already.</returns>
    public bool TryAdd(scoped ref readonly Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex + 1;
        var length = reader.ValueSpan.Length;
        var isEscaped = reader.ValueIsEscaped;
        if (isEscaped)
        {
            (start, length) = Unescape(in reader);
        }

        Name = Text(start, length, isEscaped);
        Hash = NameHash.Of(Name);
        var depth = reader.CurrentDepth;
        var slot = FindSlot(Name, Mix(Hash, depth), depth, out var found);
        if (found)
        {
            return false;
        }

        _entries![_count] = new Entry(start, length, Mix(Hash, depth), slot, (short)depth, isEscaped);
        _slots![slot] = ++_count;
        _unescapedLength += isEscaped ? length : 0;
        return true;
    }

    /// <summary>Takes note of a name that cannot be told from others: there is no name any more.</summary>
    public void PassOver()
    {
        Name = default;
        Hash = 0;
    }

    /// <summary>Forgets the names of the object that ends.</summary>
    /// <param name="depth">The depth of its names.</param>
    public void Close(int depth)
    {
        while (_count > 0 && _entries![_count - 1].Depth == depth)
        {
            ref var entry = ref _entries[--_count];
            _slots![entry.Slot] = 0;
            _unescapedLength = entry.IsEscaped ? entry.Start : _unescapedLength;
        }
    }

    public void Dispose()
    {
        Return(ref _entries);
        Return(ref _slots);
        Return(ref _unescaped);
        _count = 0;
        _capacity = 0;
    }

    private static uint Mix(uint hash, int depth) => hash ^ ((uint)depth * 0x9E3779B1);

    private static void Return<T>(ref T[]? array)
    {
        if (array is not null)
        {
            ArrayPool<T>.Shared.Return(array);
            array = null;
        }
    }

    private readonly ReadOnlySpan<byte> Text(int start, int length, bool isEscaped)
        => isEscaped ? _unescaped.AsSpan(start, length) : _text.Slice(start, length);

    private int FindSlot(ReadOnlySpan<byte> name, uint hash, int depth, out bool found)
    {
        if (_count == _capacity)
        {
            Grow();
        }

        var mask = (2 * _capacity) - 1;
        var slot = (int)(hash & mask);
        for (; _slots![slot] != 0; slot = (slot + 1) & mask)
        {
            ref var entry = ref _entries![_slots[slot] - 1];
            if (entry.Hash == hash && entry.Depth == depth && Text(entry.Start, entry.Length, entry.IsEscaped).SequenceEqual(name))
            {
                found = true;
                return slot;
            }
        }

        found = false;
        return slot;
    }

    private void Grow()
    {
        var capacity = _capacity == 0 ? FirstCapacity : checked(_capacity * 2);
        var entries = ArrayPool<Entry>.Shared.Rent(capacity);
        var slots = ArrayPool<int>.Shared.Rent(2 * capacity);
        slots.AsSpan(0, 2 * capacity).Clear();
        _entries.AsSpan(0, _count).CopyTo(entries);
        for (var i = 0; i < _count; i++)
        {
            var slot = (int)(entries[i].Hash & ((2 * capacity) - 1));
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & ((2 * capacity) - 1);
            }

            slots[slot] = i + 1;
            entries[i].Slot = slot;
        }

        Return(ref _entries);
        Return(ref _slots);
        (_entries, _slots, _capacity) = (entries, slots, capacity);
    }

    private (int Start, int Length) Unescape(scoped ref readonly Utf8JsonReader reader)
    {
        var needed = checked(_unescapedLength + reader.ValueSpan.Length);
        if (_unescaped is null || _unescaped.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * (_unescaped?.Length ?? 128)));
            _unescaped.AsSpan(0, _unescapedLength).CopyTo(larger);
            Return(ref _unescaped);
            _unescaped = larger;
        }

        return (_unescapedLength, reader.CopyString(_unescaped.AsSpan(_unescapedLength)));
    }

    [StructLayout(LayoutKind.Auto)]
    private record struct Entry(int Start, int Length, uint Hash, int Slot, short Depth, bool IsEscaped);
}
