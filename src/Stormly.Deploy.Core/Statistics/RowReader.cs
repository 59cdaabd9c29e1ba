using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Statistics;

/// <summary>Reads rows of a host application one by one, however many there are.</summary>
internal static class RowReader
{
    private const int MaxRowBytes = 1024 * 1024;

    /// <summary>Counts rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="tally">Gets the counts.</param>
    /// <param name="most">How many are read at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came of it.</returns>
    public static async Task<FeatureRowsReport> ReadAsync(IAsyncEnumerable<RawJson> rows, FeatureTally tally, int most, CancellationToken cancellationToken)
    {
        var callers = new CallerBits(0);
        var (read, skipped, problem) = (0L, 0L, (string?)null);
        await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (read + skipped >= most)
            {
                return new FeatureRowsReport(read, skipped, problem, More: true);
            }

            if (FindProblem(row.Utf8.Span) is { } wrong)
            {
                skipped++;
                problem ??= wrong;
                continue;
            }

            Add(tally, row.Utf8.Span, callers.Of(null));
            read++;
        }

        return new FeatureRowsReport(read, skipped, problem, More: false);
    }

    private static void Add(FeatureTally tally, ReadOnlySpan<byte> row, ulong caller)
    {
        var reader = new Utf8JsonReader(row, RawToken.ReaderOptions);
        reader.Read();
        tally.Add(ref reader, caller);
    }

    private static string? FindProblem(ReadOnlySpan<byte> row)
    {
        if (row.Length > MaxRowBytes)
        {
            return $"a row has {row.Length} bytes, and at most {MaxRowBytes} are read";
        }

        var json = new StrictJsonReader(row, RawToken.MaxDepth);
        try
        {
            if (json.Read() && json.TokenType != JsonTokenType.StartObject)
            {
                return $"a row must be a JSON object, was: {JsonText.Show(row)}";
            }

            while (json.Read())
            {
            }

            return json.Fault.Kind == JsonFaultKind.None && !row.IsEmpty ? null : $"a row must be strict JSON, was: {JsonText.Show(row)}";
        }
        finally
        {
            json.Dispose();
        }
    }
}
