using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>Keeps what should serve, one file for each deployment. A file that cannot be trusted is set aside, never guessed at.</summary>
internal sealed class DesiredStateStore(StateFolder state)
{
    private const string Aside = ".unreadable";

    public void Write(DesiredState desired)
        => AtomicFile.Write(PathOf(desired.Plugin), JsonSerializer.SerializeToUtf8Bytes(desired, StateJson.Default.DesiredState));

    public void Delete(PluginName plugin)
    {
        try
        {
            File.Delete(PathOf(plugin.Value));
            Posix.SyncFolder(state.Deployments);
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            throw StorageException.At(PathOf(plugin.Value), "Deleting", error);
        }
    }

    /// <summary>Reads all of them.</summary>
    /// <returns>What is good, and a note for each file that was set aside.</returns>
    public (ImmutableArray<DesiredState> Good, ImmutableArray<string> Notes) ReadAll()
    {
        var good = ImmutableArray.CreateBuilder<DesiredState>();
        var notes = ImmutableArray.CreateBuilder<string>();
        foreach (var file in Directory.GetFiles(state.Deployments, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                good.Add(Read(file));
            }
            catch (Exception error) when (error is JsonException or FormatException or NotSupportedException || StorageException.IsDiskError(error))
            {
                notes.Add(SetAside(file, error.Message));
            }
        }

        return (good.ToImmutable(), notes.ToImmutable());
    }

    private static DesiredState Read(string file)
    {
        var desired = JsonSerializer.Deserialize(File.ReadAllBytes(file), StateJson.Default.DesiredState) ?? throw new FormatException("it is empty");
        if (desired.Version != 1)
        {
            throw new FormatException($"it is of version {desired.Version}, and only version 1 is known");
        }

        if (!PluginName.TryParse(desired.Plugin, out _, out var problem) || desired.Plugin != Path.GetFileNameWithoutExtension(file))
        {
            throw new FormatException(problem ?? "it names another plugin than its file name");
        }

        var range = desired.Range ?? ScaleRange.Fixed(desired.Instances);
        return desired.Revision is { Length: 64 } && desired.Revision.All(char.IsAsciiHexDigitLower) && range.Problem is null && range.Clamp(desired.Instances) == desired.Instances
            ? desired
            : throw new FormatException("its revision must be 64 hex digits and its instances 1 to 1000 or within its range");
    }

    private static string SetAside(string file, string why)
    {
        try
        {
            File.Move(file, file + Aside, overwrite: true);
            return $"'{file}' is not what was written there and is ignored; it was renamed to '{Path.GetFileName(file)}{Aside}'. Deploy the plugin again. ({why})";
        }
        catch (Exception error) when (StorageException.IsDiskError(error))
        {
            return $"'{file}' cannot be used and is ignored. ({why} {error.Message})";
        }
    }

    private string PathOf(string plugin) => Path.Combine(state.Deployments, $"{plugin}.json");
}
