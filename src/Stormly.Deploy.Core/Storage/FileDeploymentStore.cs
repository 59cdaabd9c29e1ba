using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>Keeps one journal for each deployment below <c>deployments</c> in the state folder, so that what spoils one touches no other.</summary>
internal sealed partial class FileDeploymentStore(ILoggerFactory? loggers = null) : IDeploymentStore
{
    private const string Extension = ".journal";

    private readonly ConcurrentDictionary<PluginName, Journal> _journals = new();
    private readonly ILogger _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Stormly.Deploy");
    private StoreOpening? _opening;

    public Task<StoreContent> OpenAsync(StoreOpening opening, CancellationToken cancellationToken)
    {
        _opening = opening;
        var notes = ImmutableArray.CreateBuilder<string>();
        try
        {
            var earlier = new EarlierState(Directory.CreateDirectory(Folder).FullName, Directory.CreateDirectory(Path.Combine(opening.StateFolder, "revisions")).FullName);
            RemoveUnfinished();
            CarryOver(earlier, notes);
            var content = Read(notes, cancellationToken);

            // What is durable here is removed there, so that a crash in between loses nothing.
            foreach (var plugin in earlier.Plugins.Where(p => JournalOf(p).Problem is null))
            {
                earlier.Remove(plugin);
            }

            return Task.FromResult(content with { Notes = notes.ToImmutable() });
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            throw StorageException.At(Folder, "Reading", error);
        }
    }

    public Task WriteAsync(PluginName plugin, StoreChange change, CancellationToken cancellationToken)
    {
        if (JournalOf(plugin).Write(change) is { } note)
        {
            LogNote(_logger, plugin, note);
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<DecisionRecord> ReadDecisionsAsync(PluginName plugin, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var decision in await Task.Run(() => JournalOf(plugin).ReadDecisions(after), cancellationToken).ConfigureAwait(false))
        {
            yield return decision;
        }
    }

    public Task DeleteAsync(PluginName plugin, CancellationToken cancellationToken)
    {
        JournalOf(plugin).Delete();
        return Task.CompletedTask;
    }

    /// <summary>Nothing is held open.</summary>
    public Task CloseAsync() => Task.CompletedTask;

    private StoreOpening Opening => _opening ?? throw new InvalidOperationException("The store was not opened.");

    private string Folder => Path.Combine(Opening.StateFolder, "deployments");

    private Journal JournalOf(PluginName plugin) => _journals.GetOrAdd(plugin, p => new Journal(p, PathOf(p), Opening));

    private string PathOf(PluginName plugin) => Path.Combine(Folder, plugin.Value + Extension);

    private StoreContent Read(ImmutableArray<string>.Builder notes, CancellationToken cancellationToken)
    {
        var (deployments, problems) = (ImmutableArray.CreateBuilder<StoredDeployment>(), ImmutableArray.CreateBuilder<StoreProblem>());
        foreach (var file in Directory.GetFiles(Folder, $"*{Extension}").Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!PluginName.TryParse(Path.GetFileNameWithoutExtension(file), out var plugin, out var wrong))
            {
                notes.Add($"'{file}' is ignored: {wrong}");
                continue;
            }

            var journal = JournalOf(plugin);
            var (content, note) = journal.Open();
            if (content is not null)
            {
                deployments.Add(content);
            }

            if (journal.Problem is { } problem)
            {
                problems.Add(new StoreProblem(plugin, problem));
            }

            if (note is not null)
            {
                notes.Add(note);
            }
        }

        return new StoreContent { Deployments = deployments.ToImmutable(), Problems = problems.ToImmutable() };
    }

    /// <summary>What a crash left of a file that was written anew, and not yet renamed.</summary>
    private void RemoveUnfinished()
    {
        foreach (var file in Directory.GetFiles(Folder, $"*{Extension}.*.tmp"))
        {
            AtomicFile.TryDelete(file);
        }
    }

    private void CarryOver(EarlierState earlier, ImmutableArray<string>.Builder notes)
    {
        foreach (var plugin in earlier.Plugins)
        {
            if (!File.Exists(PathOf(plugin)) && earlier.Read(plugin) is { } document)
            {
                AtomicFile.Write(PathOf(plugin), JournalContent.Write(plugin, document.ToUtf8(), [], out _));
                notes.Add($"The state of plugin '{plugin}' was carried over into '{PathOf(plugin)}'.");
            }
        }

        notes.AddRange(earlier.Notes);
    }

    [LoggerMessage(1010, LogLevel.Warning, "The journal of plugin {Plugin}: {Note}")]
    private static partial void LogNote(ILogger logger, PluginName plugin, string note);
}
