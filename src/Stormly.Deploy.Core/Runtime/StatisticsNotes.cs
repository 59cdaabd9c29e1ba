using System.Text.Json;
using Stormly.Deploy.Model;
using Stormly.Deploy.Statistics;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>What of statistics is written: values that may be shown, and no rarer ones, so that nothing that is one person's lies on the disk.</summary>
internal static class StatisticsNotes
{
    private const int MostLevels = 60;

    public static StatisticsFile Write(PluginName plugin, PluginTallies tallies, StatisticsOptions options) => tallies.Read((learned, rows) => new StatisticsFile
    {
        Plugin = plugin.Value,
        Salt = tallies.Salt,
        Learned = options.Learn ? Write(learned, v => v.Least >= options.MinimumCount && v.LeastCallers >= options.MinimumCallers) : null,
        Rows = rows is null ? null : Write(rows, v => v.Least >= options.MinimumRows),
    });

    /// <summary>Reads what was written; what no sketch can hold is left out.</summary>
    /// <param name="note">What was written; null for nothing.</param>
    /// <returns>What a tally can go on from.</returns>
    public static TallyState? Read(TallyNote? note)
        => note is null ? null : new TallyState(Math.Max(0, note.Samples), (note.Features ?? []).Where(f => f.Value is not null).ToDictionary(f => f.Key, f => Read(f.Value), StringComparer.Ordinal));

    private static TallyNote Write(FeatureTally tally, Func<CountedValue, bool> keep) => new()
    {
        Samples = tally.Samples,
        Features = tally.Sketches.Where(s => s.Value.Values.Total > 0).ToDictionary(s => s.Key, s => Write(s.Value.Read(keep)), StringComparer.Ordinal),
    };

    private static SketchNote Write(SketchState state) => new()
    {
        Total = state.Total,
        Floor = state.Floor,
        Callers = state.Callers,
        Values = [.. state.Values.Select(v => new ValueNote { Json = v.Value.ToString(), Count = v.Count, Least = v.Least, Callers = v.Callers })],
        RankError = state.RankError,
        Levels = [.. state.Levels],
    };

    private static SketchState Read(SketchNote note) => new()
    {
        Total = Math.Max(0, note.Total),
        Floor = Math.Max(0, note.Floor),
        Callers = note.Callers,
        Values = [.. (note.Values ?? []).Where(v => v is { Json: not null } && v.Least >= 0 && v.Count >= v.Least && IsJson(v.Json)).Select(v => new CountedValue(RawJson.FromText(v.Json), v.Count, v.Least, v.Callers))],
        RankError = Math.Max(0, note.RankError),
        Levels = [.. (note.Levels ?? []).Take(MostLevels).Select(l => (l ?? []).Where(double.IsFinite).ToArray())],
    };

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
