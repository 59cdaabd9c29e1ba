using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>What came of examples, as it is written.</summary>
internal static class ExampleNotes
{
    public static ExamplesFile Write(PluginName plugin, ImmutableArray<ExampleBook.RevisionPage> pages) => new()
    {
        Plugin = plugin.Value,
        Revisions = [.. pages.Select(p => new ExamplesNote
        {
            Revision = p.Revision.Digest,
            CompleteAt = p.CompleteAt,
            LastAnswer = p.LastAnswer?.ToString(),
            Results = p.Results.ToDictionary(r => r.Key, r => new ExampleLine { At = r.Value.At, TookMs = r.Value.Took.TotalMilliseconds, Problem = r.Value.Problem }, StringComparer.Ordinal),
        })],
    };

    /// <summary>Reads what was written; what cannot be used is left out.</summary>
    public static IEnumerable<ExampleBook.RevisionPage> Read(ExamplesFile file)
    {
        foreach (var note in (file.Revisions ?? []).Where(n => n?.Revision is { Length: 64 }))
        {
            var lines = (note.Results ?? []).Where(r => r.Value is { TookMs: >= 0 and < 1e9 }).Select(r => KeyValuePair.Create(r.Key, new ExampleBook.Line(r.Value.At, TimeSpan.FromMilliseconds(r.Value.TookMs), r.Value.Problem)));
            yield return new ExampleBook.RevisionPage(new RevisionId(note.Revision)) { Results = lines.ToImmutableDictionary(StringComparer.Ordinal), CompleteAt = note.CompleteAt, LastAnswer = AnswerOf(note.LastAnswer) };
        }
    }

    private static RawJson? AnswerOf(string? text)
    {
        try
        {
            using var document = text is null ? null : JsonDocument.Parse(text);
            return text is null ? null : RawJson.FromText(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
