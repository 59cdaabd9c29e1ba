using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Model;
using Stormly.Deploy.Statistics;
using Stormly.Deploy.Storage;

namespace Stormly.Deploy.Runtime;

/// <summary>The statistics of all plugins: read back from the disk when a plugin comes in, given to its revisions, and written again when they have changed.</summary>
internal sealed partial class FeatureLearning(StatisticsStore store, StatisticsOptions options, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<PluginName, PluginTallies> _all = new();
    private readonly ConcurrentDictionary<PluginName, long> _written = new();

    /// <summary>Held while a file is written or deleted: what was removed is not written any more.</summary>
    private readonly Lock _file = new();

    public StatisticsOptions Options => options;

    /// <summary>What is known of a plugin that was deployed; null for any other.</summary>
    public PluginTallies? Find(PluginName plugin) => _all.GetValueOrDefault(plugin);

    /// <summary>Lets a revision learn, and gives it what is known already.</summary>
    /// <param name="revision">The revision.</param>
    /// <returns>The same revision.</returns>
    public RunnableRevision Equip(RunnableRevision revision)
    {
        var features = revision.Stored.Manifest.Features;
        if (features.IsEmpty || revision.Compile is null)
        {
            return revision;
        }

        var tallies = _all.GetOrAdd(revision.Stored.Plugin, static (plugin, me) => me.Load(plugin), this);
        tallies.Declare(features);
        return Renew(revision, tallies) ?? revision with { Endpoint = revision.Endpoint with { Tallies = tallies } };
    }

    /// <summary>Gives a revision what is known by now.</summary>
    /// <param name="revision">The revision as it is used.</param>
    /// <returns>The same revision; null where it knows all of it.</returns>
    public RunnableRevision? Renew(RunnableRevision revision)
        => Find(revision.Stored.Plugin) is { } tallies && revision.Compile is not null ? Renew(revision, tallies) : null;

    /// <summary>Writes what has changed.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <returns>Whether it lies on the disk.</returns>
    public bool Save(PluginName plugin)
    {
        if (Find(plugin) is not { } tallies || _written.GetValueOrDefault(plugin, -1) == tallies.Version)
        {
            return true;
        }

        lock (_file)
        {
            if (Find(plugin) != tallies)
            {
                // It was removed meanwhile.
                return true;
            }

            try
            {
                var version = tallies.Version;
                store.Write(StatisticsNotes.Write(plugin, tallies, options));
                _written[plugin] = version;
                return true;
            }
            catch (StorageException error)
            {
                LogUnwritten(logger, plugin, error.Message);
                return false;
            }
        }
    }

    /// <summary>Forgets all that is known of a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    public void Forget(PluginName plugin)
    {
        lock (_file)
        {
            _all.TryRemove(plugin, out _);
            _written.TryRemove(plugin, out _);
            store.Delete(plugin);
        }
    }

    [LoggerMessage(1130, LogLevel.Warning, "{Plugin}: what was learned of its features is not read back: {Note}")]
    private static partial void LogUnreadable(ILogger logger, PluginName plugin, string note);

    [LoggerMessage(1131, LogLevel.Warning, "{Plugin}: what was learned of its features is not stored, and is tried again: {Note}")]
    private static partial void LogUnwritten(ILogger logger, PluginName plugin, string note);

    private RunnableRevision? Renew(RunnableRevision revision, PluginTallies tallies)
    {
        var features = FeatureKnowledge.AddTo(tallies, revision.Stored.Manifest.Features, options);
        return FeatureKnowledge.Same(features, revision.Endpoint.Contract.Features)
            ? null
            : revision with { Endpoint = revision.Compile!(features) with { Tallies = tallies } };
    }

    private PluginTallies Load(PluginName plugin)
    {
        var (file, note) = store.Read(plugin);
        if (note is not null)
        {
            LogUnreadable(logger, plugin, note);
        }

        var salt = file?.Salt ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        return new PluginTallies(plugin, options, time, salt, StatisticsNotes.Read(file?.Learned), StatisticsNotes.Read(file?.Rows));
    }
}
