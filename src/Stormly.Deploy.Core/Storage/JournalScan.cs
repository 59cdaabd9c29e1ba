using System.Collections.Immutable;
using System.Globalization;

namespace Stormly.Deploy.Storage;

/// <summary>
/// What a journal's bytes are: whole records, then at most the rest of a write that a crash cut short. Anything else was not written like this, and then
/// nothing of it is believed. Pure.
/// </summary>
internal sealed record JournalScan
{
    /// <summary>Sectors that a crash left unwritten are read as zeros; a JSON text holds none.</summary>
    private const int Hole = 64;

    public ImmutableArray<JournalFrame> Frames { get; private init; } = [];

    /// <summary>Up to where the records are whole.</summary>
    public long Length { get; private init; }

    /// <summary>What is left of the last write, in words; null where nothing is.</summary>
    public string? Torn { get; private init; }

    /// <summary>What was not written like this, and where; null where all was.</summary>
    public string? Corrupt { get; private init; }

    public static JournalScan Of(ReadOnlyMemory<byte> file)
    {
        var frames = ImmutableArray.CreateBuilder<JournalFrame>();
        var at = 0;
        while (at < file.Length)
        {
            var rest = file.Span[at..];
            if (Read(rest) is not { } length)
            {
                var torn = frames.Count > 0 ? WhyTorn(rest) : null;
                var corrupt = torn is null ? string.Create(CultureInfo.InvariantCulture, $"record {frames.Count} (line {Line(file.Span[..at])}, byte {at}) {WhatIsWrong(rest)}") : null;
                return new JournalScan { Frames = frames.ToImmutable(), Length = at, Torn = torn, Corrupt = corrupt };
            }

            frames.Add(new JournalFrame(at, file.Slice(at + JournalFrame.HeadLength, length)));
            at += JournalFrame.HeadLength + length + 1;
        }

        return new JournalScan { Frames = frames.ToImmutable(), Length = at, Corrupt = frames.Count == 0 ? "it is empty" : null };
    }

    public static int Line(ReadOnlySpan<byte> before) => before.Count((byte)'\n') + 1;

    private static int? Read(ReadOnlySpan<byte> rest)
        => JournalFrame.TryReadHead(rest, out var length, out var checksum)
            && rest.Length - JournalFrame.HeadLength > length
            && rest[JournalFrame.HeadLength + length] == '\n'
            && JournalFrame.Checksum(rest.Slice(JournalFrame.HeadLength, length)) == checksum ? length : null;

    /// <summary>Whether the rest can be a write that a crash cut short: it is shorter than it says, or parts of it never reached the disk. No record may follow.</summary>
    private static string? WhyTorn(ReadOnlySpan<byte> rest)
    {
        if (HasLater(rest))
        {
            return null;
        }

        if (rest.Length < JournalFrame.HeadLength)
        {
            return JournalFrame.HasHeadForm(rest.TrimEnd((byte)0)) ? string.Create(CultureInfo.InvariantCulture, $"{rest.Length} byte(s) of a record's header") : null;
        }

        if (JournalFrame.TryReadHead(rest, out var length, out _) && rest.Length - JournalFrame.HeadLength - 1 < length)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{rest.Length} of the {JournalFrame.HeadLength + (long)length + 1} bytes of a record");
        }

        return HasHole(rest) ? string.Create(CultureInfo.InvariantCulture, $"{rest.Length} bytes of a record, parts of which never reached the disk") : null;
    }

    private static bool HasHole(ReadOnlySpan<byte> rest)
    {
        Span<byte> zeros = stackalloc byte[Hole];
        zeros.Clear();
        return rest.IndexOf(zeros) >= 0 || (rest.Length >= 2 && ((rest[0] == 0 && rest[1] == 0) || (rest[^1] == 0 && rest[^2] == 0)));
    }

    private static bool HasLater(ReadOnlySpan<byte> rest)
    {
        for (var next = rest.IndexOf((byte)'\n'); next >= 0;)
        {
            rest = rest[(next + 1)..];
            if (JournalFrame.TryReadHead(rest, out _, out _))
            {
                return true;
            }

            next = rest.IndexOf((byte)'\n');
        }

        return false;
    }

    private static string WhatIsWrong(ReadOnlySpan<byte> rest) => !JournalFrame.TryReadHead(rest, out var length, out _) ? "does not begin as a record does"
        : rest.Length - JournalFrame.HeadLength - 1 < length ? "is shorter than it was written"
        : rest[JournalFrame.HeadLength + length] != '\n' ? "does not end where it should"
        : "does not match its checksum";
}
