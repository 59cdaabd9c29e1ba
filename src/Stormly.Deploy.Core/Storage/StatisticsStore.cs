using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>
/// Keeps what was learned in <c>statistics/&lt;plugin&gt;.json</c>, and what came of examples in <c>examples/&lt;plugin&gt;.json</c>. A file that cannot be trusted is set
/// aside with a note: what is lost of it is learned again, and no start fails for it.
/// </summary>
internal sealed class StatisticsStore(StateFolder state)
{
    /// <summary>A greater file was not written here.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    private const string Aside = ".unreadable";

    public void Write(StatisticsFile file) => Write("statistics", file.Plugin, JsonSerializer.SerializeToUtf8Bytes(file, StatisticsJson.Default.StatisticsFile));

    public void Write(ExamplesFile file) => Write("examples", file.Plugin, JsonSerializer.SerializeToUtf8Bytes(file, StatisticsJson.Default.ExamplesFile));

    public void Delete(PluginName plugin) => AtomicFile.TryDelete(PathOf("statistics", plugin.Value));

    public void DeleteExamples(PluginName plugin) => AtomicFile.TryDelete(PathOf("examples", plugin.Value));

    /// <summary>Reads what came of a plugin's examples.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <returns>The file, null where there is none that is good; and what was wrong with it.</returns>
    public (ExamplesFile? File, string? Note) ReadExamples(PluginName plugin)
        => Read("examples", plugin, StatisticsJson.Default.ExamplesFile, file => file.Version == 1 && file.Plugin == plugin.Value);

    /// <summary>Reads what was learned of a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <returns>The file, null where there is none that is good; and what was wrong with it.</returns>
    public (StatisticsFile? File, string? Note) Read(PluginName plugin)
        => Read("statistics", plugin, StatisticsJson.Default.StatisticsFile, file => file.Version == 1 && file.Plugin == plugin.Value);

    private void Write(string kind, string plugin, byte[] content)
    {
        var path = PathOf(kind, plugin);
        try
        {
            StateFolder.CreatePrivate(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            throw StorageException.At(path, "Writing", error);
        }

        AtomicFile.Write(path, content);
    }

    private (T? File, string? Note) Read<T>(string kind, PluginName plugin, JsonTypeInfo<T> type, Func<T, bool> isGood)
        where T : class
    {
        var path = PathOf(kind, plugin.Value);
        try
        {
            if (!File.Exists(path))
            {
                return (null, null);
            }

            if (new FileInfo(path).Length is > MaxBytes and var length)
            {
                return (null, SetAside(path, $"it has {length} bytes"));
            }

            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
            return file is not null && isGood(file) ? (file, null) : (null, SetAside(path, "it is of another version, or of another plugin"));
        }
        catch (Exception error) when (error is JsonException or NotSupportedException || StorageException.IsDiskError(error))
        {
            return (null, SetAside(path, error.Message));
        }
    }

    private static string SetAside(string path, string why)
    {
        try
        {
            File.Move(path, path + Aside, overwrite: true);
            return $"'{path}' is not what was written there and is ignored; it was renamed to '{Path.GetFileName(path)}{Aside}'. ({why})";
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            return $"'{path}' cannot be used and is ignored. ({why} {error.Message})";
        }
    }

    private string PathOf(string kind, string plugin) => Path.Combine(state.Path, kind, $"{plugin}.json");
}
