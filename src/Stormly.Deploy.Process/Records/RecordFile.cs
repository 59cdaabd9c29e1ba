using System.Text.Json;

namespace Stormly.Deploy.Process.Records;

/// <summary>One record on disk: written whole or not at all.</summary>
internal static class RecordFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "process.json";

    /// <summary>A record is far smaller; what is larger is none.</summary>
    private const long MaxBytes = 64 * 1024;

    /// <summary>Writes a record so that a reader finds the old one or the new one, also after a power cut.</summary>
    /// <param name="folder">The instance's folder.</param>
    /// <param name="record">The record.</param>
    /// <exception cref="IOException">It could not be written; the old one, if any, is unchanged.</exception>
    public static void Write(string folder, InstanceRecord record)
    {
        var path = Path.Combine(folder, Name);
        var temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(stream, record, RecordJson.Default.InstanceRecord);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The record; null where the file is torn or is something else.</returns>
    public static InstanceRecord? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Length > MaxBytes || file.LinkTarget is not null
                ? null
                : JsonSerializer.Deserialize(File.ReadAllBytes(path), RecordJson.Default.InstanceRecord);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Notes that no host application has the instance in its hands any more. A record that cannot be written does no harm: its owner is about to end.</summary>
    /// <param name="folder">The instance's folder.</param>
    public static void Disown(string folder)
    {
        try
        {
            if (Read(Path.Combine(folder, Name)) is { } record)
            {
                Write(folder, record with { HostPid = 0, HostStartTicks = 0 });
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run finds that the host application that it names is gone.
        }
    }

    /// <summary>Removes the record of an instance that is gone; a record that cannot be removed does no harm, for it proves nothing any more.</summary>
    /// <param name="path">The file.</param>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read again at the next start, and found to name nobody.
        }
    }
}
