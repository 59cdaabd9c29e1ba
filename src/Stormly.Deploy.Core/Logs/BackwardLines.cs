namespace Stormly.Deploy.Logs;

/// <summary>Reads a log line by line from its end, in bounded memory. Parts that were cut away are neither read nor seen.</summary>
internal static class BackwardLines
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>The lines from last to first, as bytes without their line feed, each with its offset; lines of nothing but NULs are left out.</summary>
    /// <param name="log">The log.</param>
    /// <param name="maxBytes">How much is read at most.</param>
    public static IEnumerable<(long Offset, byte[] Line)> Read(LogHandle log, long maxBytes)
    {
        var end = log.Length;
        var floor = Math.Max(log.FirstData, end - maxBytes);
        var chunk = new byte[ChunkBytes];
        byte[] rest = [];

        // A line feed at the file's end, or right before a piece that was given already, begins no line of its own.
        var endsHere = true;
        while (end > floor)
        {
            var start = Math.Max(floor, end - chunk.Length);
            var length = log.Read(chunk.AsSpan(0, (int)(end - start)), start);
            byte[] text = [.. chunk.AsSpan(0, length), .. rest];
            var lineEnd = text.Length;
            for (var feed = LastFeed(text, lineEnd); feed >= 0; feed = LastFeed(text, feed))
            {
                if (!(endsHere && feed == text.Length - 1) && IsLine(text.AsSpan(feed + 1, lineEnd - feed - 1)))
                {
                    yield return (start + feed + 1, text[(feed + 1)..lineEnd]);
                }

                (lineEnd, endsHere) = (feed, false);
            }

            (rest, end, endsHere) = (text[..lineEnd], start, false);
            if (rest.Length >= LogLine.MaxBytes || (end <= floor && IsLine(rest)))
            {
                yield return (start, rest);
                (rest, endsHere) = ([], true);
            }
        }
    }

    private static int LastFeed(byte[] text, int before) => text.AsSpan(0, before).LastIndexOf((byte)'\n');

    // An empty line is a line; a piece of a hole is none.
    private static bool IsLine(ReadOnlySpan<byte> line) => line.Length == 0 || line.ContainsAnyExcept((byte)0);
}
