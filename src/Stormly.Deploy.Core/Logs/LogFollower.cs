namespace Stormly.Deploy.Logs;

/// <summary>
/// Remembers how far a log was read, by offset and by the last bytes read: where those are no longer before the offset the head was removed,
/// and the place is looked for further ahead.
/// </summary>
internal sealed class LogFollower : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private const int MarkBytes = 256;
    private const int Block = 4096;
    private const int MaxTries = 4096;

    private readonly string _path;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private LogHandle? _log;
    private long _offset;
    private byte[] _mark = [];
    private byte[] _rest = [];

    /// <summary>Begins at the end of the log as it is now.</summary>
    public LogFollower(string path)
    {
        _path = path;
        _log = LogHandle.TryOpen(path);
        _offset = _log?.Length ?? 0;
        _mark = ReadBefore(_offset);
    }

    /// <summary>The complete lines since the last call, as many as one read of 64 KiB holds; empty when there is nothing new.</summary>
    public List<string> ReadNew()
    {
        var lines = ReadOpen();
        var unfinished = _rest;
        if (lines.Count > 0 || !TryReopen())
        {
            return lines;
        }

        return unfinished.Length == 0 ? ReadOpen() : [LogLine.ToText(unfinished), .. ReadOpen()];
    }

    public void Dispose() => _log?.Dispose();

    private List<string> ReadOpen()
    {
        if (_log is null)
        {
            return [];
        }

        if (!_mark.AsSpan().SequenceEqual(ReadBefore(_offset)))
        {
            var found = FindMark();
            (_offset, _rest) = found is { } at ? (at, _rest) : (_log.FirstData, []);
        }

        var lines = new List<string>();
        for (int length; lines.Count == 0 && (length = _log.Read(_chunk, _offset)) > 0;)
        {
            AddLines(lines, _chunk.AsSpan(0, length));
            _offset += length;
        }

        _mark = ReadBefore(_offset);
        return lines;
    }

    private void AddLines(List<string> lines, ReadOnlySpan<byte> text)
    {
        for (int feed; (feed = text.IndexOf((byte)'\n')) >= 0; text = text[(feed + 1)..])
        {
            lines.Add(LogLine.ToText([.. _rest, .. text[..feed]]));
            _rest = [];
        }

        _rest = [.. _rest, .. text.Trim((byte)0)];
        if (_rest.Length >= LogLine.MaxBytes)
        {
            lines.Add(LogLine.ToText(_rest));
            _rest = [];
        }
    }

    // Another file stands at the path: the old one was read to its end, so the new one is read from its beginning.
    private bool TryReopen()
    {
        var now = LogHandle.TryOpen(_path);
        if (now is null || (_log is not null && now.Id == _log.Id))
        {
            now?.Dispose();
            return false;
        }

        _log?.Dispose();
        (_log, _offset, _mark, _rest) = (now, now.FirstData, [], []);
        return true;
    }

    // Heads are removed by whole blocks.
    private long? FindMark()
    {
        var tooFar = Math.Max(1, (_offset - _log!.Length + Block - 1) / Block);
        for (var (at, tries) = (_offset - (tooFar * Block), 0); at > 0 && tries < MaxTries; at -= Block, tries++)
        {
            if (_mark.Length > 0 && _mark.AsSpan().SequenceEqual(ReadBefore(at)))
            {
                return at;
            }
        }

        return null;
    }

    private byte[] ReadBefore(long offset)
    {
        var start = Math.Max(0, offset - MarkBytes);
        var buffer = new byte[offset - start];
        return _log is null ? [] : buffer[.._log.Read(buffer, start)];
    }
}
