using System.Buffers;
using System.Text;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Hosts;

/// <summary>
/// For backends: keeps the last bytes of a plugin's output, and never more. It always reads on, drops the oldest, and knows no lines; the naive
/// ways were measured to take 3 GB for 500 MB without a line feed. All members may be called at the same time from any thread.
/// </summary>
public sealed class OutputTail
{
    /// <summary>How many lines of it a person is shown at most.</summary>
    public const int MaxLines = 50;

    /// <summary>How many characters of it a person is shown at most.</summary>
    public const int MaxCharacters = 8 * 1024;

    private const int ReadBytes = 16 * 1024;

    private readonly int _capacity;
    private readonly Lock _gate = new();
    private byte[] _ring = [];
    private long _written;

    /// <summary>Makes an empty tail. Memory is taken only as it is needed.</summary>
    /// <param name="capacity">How many bytes are kept at most, 1 or more.</param>
    public OutputTail(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>How many bytes there were in all.</summary>
    public long BytesWritten => Interlocked.Read(ref _written);

    /// <summary>Adds bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            Grow_NeedsLock(bytes.Length);
            var kept = bytes.Length > _ring.Length ? bytes[^_ring.Length..] : bytes;
            _written += bytes.Length - kept.Length;
            var at = (int)(_written % _ring.Length);
            var first = Math.Min(kept.Length, _ring.Length - at);
            kept[..first].CopyTo(_ring.AsSpan(at));
            kept[first..].CopyTo(_ring);
            _written += kept.Length;
        }
    }

    /// <summary>Renders the last lines: broken UTF-8 replaced, control characters escaped.</summary>
    /// <returns>Printable text without a line break at its end.</returns>
    public string Render()
    {
        var text = Encoding.UTF8.GetString(SkipBrokenStart(Copy())).ReplaceLineEndings("\n").TrimEnd('\n').AsSpan();
        text = text.Length > MaxCharacters ? text[^MaxCharacters..] : text;
        var from = text.Length;
        for (var lines = 0; lines < MaxLines && from >= 0; lines++)
        {
            from = text[..from].LastIndexOf('\n');
        }

        return PrintableText.Escape(text[(from + 1)..], keepLineBreaks: true);
    }

    /// <summary>Reads a stream to its end; several streams may share this tail.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes at the stream's end.</returns>
    public async Task DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            for (int n; (n = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                Append(buffer.AsSpan(0, n));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A ring that was cut may begin inside a character: its last bytes are left out.</summary>
    private static ReadOnlySpan<byte> SkipBrokenStart(ReadOnlySpan<byte> bytes)
    {
        var skip = 0;
        while (skip < Math.Min(3, bytes.Length) && (bytes[skip] & 0xC0) == 0x80)
        {
            skip++;
        }

        return bytes[skip..];
    }

    private byte[] Copy()
    {
        lock (_gate)
        {
            if (_written <= _ring.Length)
            {
                return _ring.AsSpan(0, (int)_written).ToArray();
            }

            var at = (int)(_written % _ring.Length);
            return [.. _ring.AsSpan(at), .. _ring.AsSpan(0, at)];
        }
    }

    /// <summary>Most plugins write a few lines: the ring takes memory only as it is needed. It grows only while it has never wrapped.</summary>
    private void Grow_NeedsLock(int more)
    {
        if (_ring.Length < _capacity && _written + more > _ring.Length)
        {
            Array.Resize(ref _ring, (int)Math.Min(_capacity, Math.Max(1024, (_written + more) * 2)));
        }
    }
}
