using System.Text.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>Writes and reads the notes of instances that may outlive the host application.</summary>
internal static class InstanceNotes
{
    private const long MaxBytes = 64 * 1024;

    /// <summary>Writes a note so that it is there whenever the instance lives.</summary>
    /// <param name="folder">The instance's folder.</param>
    /// <param name="note">The note.</param>
    /// <exception cref="StorageException">It cannot be written; an earlier one is unchanged.</exception>
    public static void Write(string folder, InstanceNote note)
        => AtomicFile.Write(Path.Combine(folder, InstanceNote.Name), JsonSerializer.SerializeToUtf8Bytes(note, StateJson.Default.InstanceNote));

    /// <summary>Reads the notes below a folder. What is torn or is no note names nobody.</summary>
    /// <param name="instances">The folder that holds one folder for each instance.</param>
    /// <returns>The notes, by instance.</returns>
    public static IEnumerable<(InstanceId Id, InstanceNote Note)> ReadAll(string instances)
    {
        foreach (var folder in Directory.GetDirectories(instances).Order(StringComparer.Ordinal))
        {
            if (Read(Path.Combine(folder, InstanceNote.Name)) is { } note)
            {
                yield return (new InstanceId(Path.GetFileName(folder)), note);
            }
        }
    }

    private static InstanceNote? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var note = file is { Exists: true, LinkTarget: null, Length: <= MaxBytes } ? JsonSerializer.Deserialize(File.ReadAllBytes(path), StateJson.Default.InstanceNote) : null;
            return note is { Version: 1, Revision.Length: 64 } && note.Revision.All(char.IsAsciiHexDigitLower) && PluginName.TryParse(note.Plugin, out _, out _) ? note : null;
        }
        catch (Exception error) when (error is JsonException || StorageException.IsDiskError(error))
        {
            return null;
        }
    }
}
