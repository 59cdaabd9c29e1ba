using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Examples;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>
/// What came of each example the last time, for the newest revisions of each plugin that is deployed. Read from the disk when it is first asked for. Examples may still run
/// while their plugin is removed: what comes of them then is noted nowhere.
/// </summary>
internal sealed partial class ExampleBook(StatisticsStore store, ILogger logger)
{
    private const int RevisionsKept = 3;
    private const int ResultsKept = 4000;
    private const int LongestDetail = 500;

    private readonly ConcurrentDictionary<PluginName, Entry> _entries = new();

    /// <summary>Begins to keep what comes of a plugin's examples: it has a deployment.</summary>
    public void Admit(PluginName plugin) => _entries.GetOrAdd(plugin, static (name, me) => new Entry(() => me.Load(name)), this);

    /// <summary>Notes what came of a request.</summary>
    public void Note(PluginName plugin, RevisionId revision, ExampleResult result) => Change(plugin, revision, page =>
    {
        var results = page.Results;
        foreach (var example in result.Run.Examples.Where(e => results.Count < ResultsKept || results.ContainsKey(Name(e))))
        {
            results = results.SetItem(Name(example), new Line(result.At, result.Took, result.Problem is null ? null : PrintableText.Escape(result.Problem, maxLength: LongestDetail)));
        }

        return page with { Results = results, LastAnswer = result.Answer ?? page.LastAnswer };
    });

    /// <summary>Notes that all examples of a revision were run.</summary>
    public void NoteComplete(PluginName plugin, RevisionId revision, DateTimeOffset at) => Change(plugin, revision, page => page with { CompleteAt = at });

    /// <summary>When all examples of a revision were run last; null where they never were.</summary>
    public DateTimeOffset? CompleteAt(PluginName plugin, RevisionId revision) => Find(plugin, revision)?.CompleteAt;

    /// <summary>Whether every example that a request shows was run since a time.</summary>
    public bool HasAll(PluginName plugin, RevisionId revision, ExampleRun run, DateTimeOffset since)
        => Find(plugin, revision) is { } page && run.Examples.All(e => page.Results.TryGetValue(Name(e), out var line) && line.At >= since);

    /// <summary>The newest good answer to an example.</summary>
    public RawJson? LastAnswer(PluginName plugin, RevisionId revision) => Find(plugin, revision)?.LastAnswer;

    /// <summary>What came of the examples of an explanation as it is now; the same array as before where nothing has come of them since.</summary>
    public ImmutableArray<ExampleVerification> Find(PluginName plugin, RevisionId revision, PluginExplanation explanation)
    {
        if (!_entries.TryGetValue(plugin, out var entry) || entry.Find(revision) is not { Results.IsEmpty: false } page)
        {
            return [];
        }

        if (entry.Told is { } told && ReferenceEquals(told.Results, page.Results) && ReferenceEquals(told.Explanation, explanation))
        {
            return told.Verifications;
        }

        var found = ImmutableArray.CreateBuilder<ExampleVerification>();
        for (var tab = 0; tab < explanation.Tabs.Length; tab++)
        {
            foreach (var input in explanation.Tabs[tab].Inputs)
            {
                for (var i = 0; i < input.Examples.Length; i++)
                {
                    if (page.Results.TryGetValue(Name(new ExampleKey(tab, input.Name, input.Examples[i])), out var line))
                    {
                        found.Add(new ExampleVerification { Tab = tab, Input = input.Name, Example = i, At = line.At, Took = line.Took, Passed = line.Problem is null, Detail = line.Problem });
                    }
                }
            }
        }

        return (entry.Told = new Telling(page.Results, explanation, found.DrainToImmutable())).Verifications;
    }

    /// <summary>A result as it is told.</summary>
    public static IEnumerable<ExampleVerification> Verifications(ExampleResult result, PluginExplanation explanation) => result.Run.Examples.Select(e => new ExampleVerification
    {
        Tab = e.Tab,
        Input = e.Input,
        Example = explanation.Tabs[e.Tab].Inputs.First(i => i.Name == e.Input).Examples.IndexOf(e.Value),
        At = result.At,
        Took = result.Took,
        Passed = result.Problem is null,
        Detail = result.Problem is null ? null : PrintableText.Escape(result.Problem, maxLength: LongestDetail),
    });

    /// <summary>Writes what is known of a plugin.</summary>
    public void Save(PluginName plugin)
    {
        if (!_entries.TryGetValue(plugin, out var entry))
        {
            return;
        }

        lock (entry.File)
        {
            if (entry.Forgotten)
            {
                return;
            }

            try
            {
                store.Write(ExampleNotes.Write(plugin, entry.Pages));
            }
            catch (StorageException error)
            {
                LogUnwritten(logger, plugin, error.Message);
            }
        }
    }

    /// <summary>Forgets what is known of a plugin: it was removed.</summary>
    public void Forget(PluginName plugin)
    {
        if (_entries.TryRemove(plugin, out var entry))
        {
            lock (entry.File)
            {
                entry.Forgotten = true;
                store.DeleteExamples(plugin);
            }
        }
    }

    /// <summary>What an example is found by: where it stands, and a digest of its value.</summary>
    private static string Name(ExampleKey key) => $"{key.Tab}/{key.Input}/{Convert.ToHexStringLower(SHA256.HashData(key.Value.Utf8.Span).AsSpan(0, 12))}";

    [LoggerMessage(1140, LogLevel.Warning, "{Plugin}: what came of its examples is not read back: {Note}")]
    private static partial void LogUnreadable(ILogger logger, PluginName plugin, string note);

    [LoggerMessage(1141, LogLevel.Warning, "{Plugin}: what came of its examples is not stored: {Note}")]
    private static partial void LogUnwritten(ILogger logger, PluginName plugin, string note);

    private RevisionPage? Find(PluginName plugin, RevisionId revision)
        => _entries.TryGetValue(plugin, out var entry) ? entry.Find(revision) : null;

    private void Change(PluginName plugin, RevisionId revision, Func<RevisionPage, RevisionPage> change)
    {
        if (_entries.TryGetValue(plugin, out var entry))
        {
            entry.Change(pages => [change(pages.FirstOrDefault(p => p.Revision == revision) ?? new RevisionPage(revision)), .. pages.Where(p => p.Revision != revision).Take(RevisionsKept - 1)]);
        }
    }

    private ImmutableArray<RevisionPage> Load(PluginName plugin)
    {
        var (file, note) = store.ReadExamples(plugin);
        if (note is not null)
        {
            LogUnreadable(logger, plugin, note);
        }

        return file is null ? [] : [.. ExampleNotes.Read(file).Take(RevisionsKept)];
    }

    /// <summary>What is known of one revision.</summary>
    internal sealed record RevisionPage(RevisionId Revision)
    {
        public ImmutableDictionary<string, Line> Results { get; init; } = ImmutableDictionary<string, Line>.Empty;

        public DateTimeOffset? CompleteAt { get; init; }

        public RawJson? LastAnswer { get; init; }
    }

    /// <summary>What is known of one plugin, from its deployment to its removal.</summary>
    private sealed class Entry(Func<ImmutableArray<RevisionPage>> load)
    {
        private readonly Lazy<StrongBox<ImmutableArray<RevisionPage>>> _pages = new(() => new(load()));

        /// <summary>Held while the file is written or deleted, so that neither comes between the other and what it was decided by.</summary>
        public Lock File { get; } = new();

        /// <summary>Whether the file was deleted for good.</summary>
        public bool Forgotten { get; set; }

        public ImmutableArray<RevisionPage> Pages => _pages.Value.Value;

        /// <summary>What was told last. Every page of the plugin that is read asks for it.</summary>
        public Telling? Told { get; set; }

        public RevisionPage? Find(RevisionId revision) => Pages.FirstOrDefault(p => p.Revision == revision);

        public void Change(Func<ImmutableArray<RevisionPage>, ImmutableArray<RevisionPage>> change) => ImmutableInterlocked.Update(ref _pages.Value.Value, change);
    }

    /// <summary>What is told of results, for an explanation.</summary>
    private sealed record Telling(ImmutableDictionary<string, Line> Results, PluginExplanation Explanation, ImmutableArray<ExampleVerification> Verifications);

    /// <summary>What came of one example.</summary>
    internal sealed record Line(DateTimeOffset At, TimeSpan Took, string? Problem);
}
