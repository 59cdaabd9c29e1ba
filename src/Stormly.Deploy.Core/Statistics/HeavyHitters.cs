using Stormly.Deploy.Model;

namespace Stormly.Deploy.Statistics;

/// <summary>
/// The most frequent values of a stream in bounded memory, by the Space-Saving algorithm (Metwally, Agrawal, El Abbadi 2005): with m counters a count is too great by
/// at most N/m, never too small, and every value that makes up more than N/m of the stream is among them. Beside each count stands what is certain of it, and a set of
/// 64 bits in which each caller sets one of its own: as many bits, so many different callers at least. Not for several threads at once.
/// </summary>
internal sealed class HeavyHitters(int capacity)
{
    /// <summary>What a counter takes beside its value: four words, a reference, an array's head.</summary>
    public const int CounterBytes = 64;

    private ulong[] _hashes = [];
    private byte[][] _values = [];
    private long[] _counts = [];
    private long[] _least = [];
    private ulong[] _callers = [];
    private long _floor;
    private long _valueBytes;

    /// <summary>How many values were counted, those without a counter included.</summary>
    public long Total { get; private set; }

    /// <summary>How many values have a counter.</summary>
    public int Count { get; private set; }

    /// <summary>What it takes, as counted.</summary>
    public long Bytes => (_hashes.Length * (long)CounterBytes) + _valueBytes;

    /// <summary>By how much a count may be too great, at most.</summary>
    public long MaxError => Count < capacity ? _floor : Math.Max(_floor, _counts.AsSpan(0, Count).ToArray().Min());

    /// <summary>Counts a value.</summary>
    /// <param name="value">Its text; equal texts are equal values.</param>
    /// <param name="caller">The caller's bit.</param>
    public void Add(ReadOnlySpan<byte> value, ulong caller)
    {
        Total++;
        var hash = Hash(value);
        var place = Find(value, hash);
        if (place >= 0)
        {
            _counts[place]++;
            _least[place]++;
            _callers[place] |= caller;
            return;
        }

        if (Count < capacity)
        {
            Grow();
            Put(Count++, hash, value.ToArray(), _floor + 1, 1, caller);
            return;
        }

        var rarest = Rarest();
        Put(rarest, hash, value.ToArray(), Math.Max(_counts[rarest], _floor) + 1, 1, caller);
    }

    /// <summary>Lets everything so far count half.</summary>
    public void Halve()
    {
        Total /= 2;
        _floor = (_floor + 1) / 2;
        for (var i = 0; i < Count; i++)
        {
            _counts[i] = (_counts[i] + 1) / 2;
            _least[i] /= 2;
        }
    }

    /// <summary>What is known, most frequent first; of equals the one that sorts first.</summary>
    public List<CountedValue> Read()
        => [.. Enumerable.Range(0, Count)
            .Select(i => new CountedValue(new RawJson(_values[i]), _counts[i], _least[i], _callers[i]))
            .OrderByDescending(v => v.Least).ThenByDescending(v => v.Count).ThenBy(v => v.Value.ToString(), StringComparer.Ordinal)];

    /// <summary>Goes on from what was read before. What is missing of it may have been as frequent as <paramref name="floor"/>.</summary>
    /// <param name="total">How many values were counted.</param>
    /// <param name="floor">The greatest count of those that are missing.</param>
    /// <param name="values">Values with their counts.</param>
    public void Restore(long total, long floor, IEnumerable<CountedValue> values)
    {
        var known = values.OrderByDescending(v => v.Count).ToList();
        (Total, _floor) = (total, known.Skip(capacity).Select(v => v.Count).Append(floor).Max());
        foreach (var value in known.Take(capacity))
        {
            Grow();
            Put(Count++, Hash(value.Value.Utf8.Span), value.Value.Utf8.ToArray(), value.Count, value.Least, value.Callers);
        }
    }

    private static ulong Hash(ReadOnlySpan<byte> value)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in value)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }

    private int Find(ReadOnlySpan<byte> value, ulong hash)
    {
        for (var from = 0; from < Count;)
        {
            var found = _hashes.AsSpan(from, Count - from).IndexOf(hash);
            if (found < 0)
            {
                return -1;
            }

            if (value.SequenceEqual(_values[from + found]))
            {
                return from + found;
            }

            from += found + 1;
        }

        return -1;
    }

    private int Rarest()
    {
        var rarest = 0;
        for (var i = 1; i < Count; i++)
        {
            rarest = _counts[i] < _counts[rarest] ? i : rarest;
        }

        return rarest;
    }

    private void Put(int place, ulong hash, byte[] value, long count, long least, ulong callers)
    {
        _valueBytes += value.Length - (_values[place]?.Length ?? 0);
        (_hashes[place], _values[place], _counts[place], _least[place], _callers[place]) = (hash, value, count, least, callers);
    }

    private void Grow()
    {
        if (Count < _hashes.Length)
        {
            return;
        }

        var size = Math.Min(capacity, Math.Max(4, 2 * _hashes.Length));
        Array.Resize(ref _hashes, size);
        Array.Resize(ref _values, size);
        Array.Resize(ref _counts, size);
        Array.Resize(ref _least, size);
        Array.Resize(ref _callers, size);
    }
}
