using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>State folders from before there were journals: a small file for what serves, another for what became of revisions. Read once, and carried over.</summary>
internal sealed class EarlierState(string deployments, string revisions)
{
    private const string Aside = ".unreadable";
    private const string HistoryName = "history.json";

    private readonly ImmutableArray<string>.Builder _notes = ImmutableArray.CreateBuilder<string>();

    public ImmutableArray<string> Notes => _notes.ToImmutable();

    /// <summary>The plugins that have such files.</summary>
    public IEnumerable<PluginName> Plugins => Directory.GetFiles(deployments, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!)
        .Union(Directory.GetDirectories(revisions).Where(d => File.Exists(Path.Combine(d, HistoryName))).Select(d => Path.GetFileName(d)!))
        .Order(StringComparer.Ordinal).Select(n => PluginName.TryParse(n, out var plugin, out _) ? plugin : null).OfType<PluginName>().ToList();

    /// <summary>Reads a plugin's files. One that cannot be trusted is set aside with a note.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <returns>What they say; null where there is nothing to carry over.</returns>
    public DeploymentDocument? Read(PluginName plugin)
    {
        var desired = ReadFile(DesiredPath(plugin), text => ReadDesired(text, plugin));
        var history = ReadFile(HistoryPath(plugin), ReadHistory);
        return desired is null && history is null ? null : new DeploymentDocument
        {
            Serves = desired?.ToFleet(),
            Registered = desired?.Registered,
            RegisteredMax = desired?.RegisteredMax,
            Paused = desired?.Paused ?? false,
            Canary = desired?.Canary,
            Source = desired?.Source,
            Revisions = history?.Revisions ?? [],
        };
    }

    /// <summary>Removes a plugin's files, once what they say is durable elsewhere.</summary>
    /// <param name="plugin">The plugin.</param>
    public void Remove(PluginName plugin)
    {
        File.Delete(DesiredPath(plugin));
        if (Directory.Exists(Path.GetDirectoryName(HistoryPath(plugin))))
        {
            File.Delete(HistoryPath(plugin));
        }
    }

    private T? ReadFile<T>(string path, Func<byte[], T?> read)
        where T : class
    {
        try
        {
            return File.Exists(path) ? read(File.ReadAllBytes(path)) ?? throw new FormatException("it is empty") : null;
        }
        catch (Exception error) when (error is JsonException or FormatException or NotSupportedException)
        {
            File.Move(path, path + Aside, overwrite: true);
            _notes.Add($"'{path}' is not what was written there and is ignored; it was renamed to '{Path.GetFileName(path)}{Aside}'. Deploy the plugin again. ({error.Message})");
            return null;
        }
    }

    private static EarlierDesired? ReadDesired(byte[] text, PluginName plugin)
    {
        var desired = JsonSerializer.Deserialize(text, StateJson.Default.EarlierDesired);
        return desired is null ? null
            : desired.Version != 1 ? throw new FormatException($"it is of version {desired.Version}, and only version 1 is known")
            : desired.Plugin != plugin.Value ? throw new FormatException("it names another plugin than its file name")
            : desired.ToFleet().Problem is { } problem ? throw new FormatException(problem) : desired;
    }

    private static EarlierHistory? ReadHistory(byte[] text)
    {
        var history = JsonSerializer.Deserialize(text, StateJson.Default.EarlierHistory);
        return history is null or { Version: 1 } ? history : throw new FormatException($"it is of version {history.Version}, and only version 1 is known");
    }

    private string DesiredPath(PluginName plugin) => Path.Combine(deployments, $"{plugin}.json");

    private string HistoryPath(PluginName plugin) => Path.Combine(revisions, plugin.Value, HistoryName);
}

/// <summary><c>deployments/&lt;plugin&gt;.json</c> as it was.</summary>
internal sealed record EarlierDesired
{
    public int Version { get; init; } = 1;

    public required string Plugin { get; init; }

    public required string Revision { get; init; }

    public required int Instances { get; init; }

    public int? Registered { get; init; }

    public int? RegisteredMax { get; init; }

    public int? Min { get; init; }

    public int? Max { get; init; }

    public int? MaxRequestsPerInstance { get; init; }

    public long? MemoryBytes { get; init; }

    public bool Paused { get; init; }

    public StoredCanary? Canary { get; init; }

    public StoredSource? Source { get; init; }

    public StoredFleet ToFleet() => new() { Revision = Revision, Instances = Instances, Min = Min, Max = Max, MaxRequestsPerInstance = MaxRequestsPerInstance, MemoryBytes = MemoryBytes };
}

/// <summary><c>revisions/&lt;plugin&gt;/history.json</c> as it was.</summary>
internal sealed record EarlierHistory
{
    public int Version { get; init; } = 1;

    public List<RevisionNote> Revisions { get; init; } = [];
}
