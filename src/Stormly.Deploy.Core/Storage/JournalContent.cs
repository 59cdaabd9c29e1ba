using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>What the records of a journal come to. Pure.</summary>
internal sealed record JournalContent
{
    private const int DecisionsPerRecord = 50;

    /// <summary>The document that was written last.</summary>
    public ReadOnlyMemory<byte> Document { get; private init; }

    /// <summary>The oldest first.</summary>
    public ImmutableArray<DecisionRecord> Decisions { get; private init; } = [];

    public long Records { get; private init; }

    /// <summary>Why it cannot be trusted; null where it can.</summary>
    public string? Problem { get; private init; }

    public static JournalContent Unusable(string problem) => new() { Problem = problem };

    /// <summary>Plays the records one after the other: each must have its number, and decisions must count up.</summary>
    /// <param name="scan">The records; their bytes are right.</param>
    /// <param name="plugin">Whose journal it should be.</param>
    /// <returns>What is kept after the last one.</returns>
    public static JournalContent Of(JournalScan scan, PluginName plugin)
    {
        var decisions = ImmutableArray.CreateBuilder<DecisionRecord>();
        var document = ReadOnlyMemory<byte>.Empty;
        for (var i = 0; i < scan.Frames.Length; i++)
        {
            try
            {
                var record = JournalRecord.Read(scan.Frames[i].Payload, plugin);
                Check(record, i, plugin);
                foreach (var decision in record.Decisions)
                {
                    decisions.Add(decisions.Count == 0 || decision.Sequence > decisions[^1].Sequence
                        ? decision
                        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"holds decision {decision.Sequence} after decision {decisions[^1].Sequence}")));
                }

                document = record.Document.IsEmpty ? document : record.Document;
            }
            catch (FormatException error)
            {
                return Unusable(string.Create(CultureInfo.InvariantCulture, $"record {i} (line {i + 1}, byte {scan.Frames[i].Offset}) {error.Message}"));
            }
        }

        return new JournalContent { Document = document, Decisions = decisions.ToImmutable(), Records = scan.Frames.Length };
    }

    /// <summary>A whole journal that comes to this.</summary>
    /// <param name="plugin">Whose.</param>
    /// <param name="document">The document; empty where there is none.</param>
    /// <param name="decisions">The decisions.</param>
    /// <param name="records">How many records it has.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Write(PluginName plugin, ReadOnlyMemory<byte> document, ImmutableArray<DecisionRecord> decisions, out long records)
    {
        var text = new ArrayBufferWriter<byte>();
        text.Write(JournalRecord.First(plugin).ToFrame());
        records = 1;
        foreach (var some in decisions.Chunk(DecisionsPerRecord))
        {
            text.Write(JournalRecord.Of(records++, new StoreChange { Decisions = [.. some] }).ToFrame());
        }

        if (!document.IsEmpty)
        {
            text.Write(JournalRecord.Of(records++, new StoreChange { Document = document }).ToFrame());
        }

        return text.WrittenSpan.ToArray();
    }

    /// <summary>About how many bytes a decision takes.</summary>
    /// <param name="decision">The decision.</param>
    /// <returns>Bytes.</returns>
    public static long SizeOf(DecisionRecord decision)
        => 120 + decision.Subject.Length + decision.What.Length + decision.Why.Length
            + (decision.Basis is { } basis ? 60 + basis.Formula.Length + basis.Chosen.Length + (basis.Rejected?.Length ?? 0) + basis.Inputs.Sum(i => 8L + i.Name.Length + i.Value.Length) : 0);

    private static void Check(JournalRecord record, int place, PluginName plugin)
    {
        if (record.Number != place)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"has the number {record.Number} where {place} should be: a record is missing, or stands twice"));
        }

        if ((record.Journal is not null) != (place == 0))
        {
            throw new FormatException(place == 0 ? "does not say what kind of file it is" : "begins another journal");
        }

        if (record.Journal is { } version and not JournalRecord.Version)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"says that it is of version {version}, and only version {JournalRecord.Version} is known: a newer version of the library wrote it"));
        }

        if (record.Plugin is { } other && other != plugin.Value)
        {
            throw new FormatException($"names the plugin '{PrintableText.Escape(other, maxLength: 100)}', not '{plugin}'");
        }
    }
}
