using System.Globalization;
using System.Text;

namespace Stormly.Deploy.DummyPlugin;

/// <summary>
/// The plugin's own count of its requests: with <c>--ledger FOLDER</c> each one is written to a file of this process, named after its id and model,
/// before anything is answered. The kernel keeps what was written also where the process is killed.
/// </summary>
internal static class PluginLedger
{
    private const string Mark = "\"feature_1\":\"";
    private static readonly Lock Gate = new();
    private static FileStream? _file;

    /// <summary>Writes down the number that a request carries in <c>feature_1</c>.</summary>
    public static void Note(string? folder, string? model, byte[] body)
    {
        if (folder is null)
        {
            return;
        }

        var text = Encoding.UTF8.GetString(body);
        var begin = text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        var line = Encoding.ASCII.GetBytes(text[begin..text.IndexOf('"', begin)] + "\n");
        lock (Gate)
        {
            _file ??= new FileStream(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{model}-{Guid.NewGuid():n}")), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            _file.Write(line);
        }
    }
}
