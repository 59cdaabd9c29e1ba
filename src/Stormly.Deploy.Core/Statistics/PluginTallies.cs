using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Statistics;

/// <summary>
/// All that is known of the values of one plugin's features beside its manifest: learned from requests, and read from rows of the host application. Requests never wait:
/// one that finds it in use, or comes when enough were looked at, is not counted.
/// </summary>
internal sealed class PluginTallies
{
    private readonly Lock _lock = new();
    private readonly PluginName _plugin;
    private readonly StatisticsOptions _options;
    private readonly SampleBudget _budget;
    private readonly CallerBits _callers;
    private readonly TallyState? _storedLearned;
    private readonly TallyState? _storedRows;
    private ImmutableArray<FeatureDescriptor> _features = [];
    private ImmutableArray<FeatureDescriptor> _before = [];
    private FeatureTally _learned;
    private FeatureTally? _rows;
    private long _version;

    /// <summary>Makes empty ones.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="options">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="salt">What addresses are mixed with; the same for as long as anything learned is kept.</param>
    /// <param name="learned">What was learned before; each feature goes on from it when it is declared. Null for nothing.</param>
    /// <param name="rows">The same of rows.</param>
    public PluginTallies(PluginName plugin, StatisticsOptions options, TimeProvider time, ulong salt, TallyState? learned = null, TallyState? rows = null)
    {
        (_plugin, _options, _storedLearned, _storedRows) = (plugin, options, learned, rows);
        _budget = new SampleBudget(options.SamplesPerSecond, time);
        _callers = new CallerBits(salt);
        _learned = new FeatureTally([], options.MaxBytes / 2, options);
    }

    public ulong Salt => _callers.Salt;

    /// <summary>Moves on whenever something was counted.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The features that are counted: those of the last two revisions that had different ones.</summary>
    public ImmutableArray<FeatureDescriptor> Features
    {
        get
        {
            lock (_lock)
            {
                return [.. _features, .. _before.Where(b => _features.All(f => f.Key != b.Key))];
            }
        }
    }

    /// <summary>What all of it takes, as counted.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _learned.Bytes + (_rows?.Bytes ?? 0);
            }
        }
    }

    /// <summary>Says which features there are. What is known of those that stay is kept.</summary>
    /// <param name="features">The features of a revision.</param>
    /// <returns>Whether they are others than before.</returns>
    public bool Declare(ImmutableArray<FeatureDescriptor> features)
    {
        lock (_lock)
        {
            if (Same(features, _features))
            {
                return false;
            }

            (_before, _features) = (_features, features);
            var learned = MakeLearned_NeedsLock();
            learned.TakeOver(_learned);
            _storedLearned?.Give(learned);
            _learned = learned;
            if (_rows is { } || _storedRows is not null)
            {
                var rows = MakeRows();
                rows.TakeOver(_rows ?? rows);
                _storedRows?.Give(rows);
                _rows = rows;
            }

            return true;
        }
    }

    /// <summary>Whether a request is looked at: learning is on, and not enough were looked at in this second.</summary>
    /// <returns>Whether it is; then it counts as one of them.</returns>
    public bool Wants() => _options.Learn && _budget.TryTake();

    /// <summary>Counts what a request held that is looked at and that the plugin answered well. One that would have to wait for another is not counted.</summary>
    /// <param name="body">The caller's body; it was checked.</param>
    /// <param name="caller">The end user's address; null where it is unknown.</param>
    public void Count(ReadOnlySpan<byte> body, IPAddress? caller)
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            if (FindProps(body, out var reader))
            {
                _learned.Add(ref reader, _callers.Of(caller));
            }

            if (_learned.Samples >= _options.Window)
            {
                _learned.Halve();
            }

            _version++;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>An empty tally for rows.</summary>
    public FeatureTally MakeRows() => new(Features, _options.MaxBytes / 2, _options);

    /// <summary>From now on these rows count, and none that were read before.</summary>
    /// <param name="rows">What they say; not to be written any more.</param>
    public void Use(FeatureTally rows)
    {
        lock (_lock)
        {
            _rows = rows;
            _version++;
        }
    }

    /// <summary>Works on what is held, alone.</summary>
    /// <param name="work">Gets what was learned, and the rows.</param>
    public T Read<T>(Func<FeatureTally, FeatureTally?, T> work)
    {
        lock (_lock)
        {
            return work(_learned, _rows);
        }
    }

    private static bool Same(ImmutableArray<FeatureDescriptor> one, ImmutableArray<FeatureDescriptor> other)
        => one.Select(f => (f.Key, f.NativeType, f.Kind)).SequenceEqual(other.Select(f => (f.Key, f.NativeType, f.Kind)));

    private static bool FindProps(ReadOnlySpan<byte> body, out Utf8JsonReader reader)
    {
        reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 1001 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isProps = reader.ValueTextEquals("props"u8);
            reader.Read();
            if (isProps)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private FeatureTally MakeLearned_NeedsLock()
        => new([.. Features.Where(f => _options.Learns(_plugin, f.Key))], _options.MaxBytes / 2, _options);
}
