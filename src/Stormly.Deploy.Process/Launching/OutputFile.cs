using Stormly.Deploy.Hosts;
using Stormly.Deploy.Logs;

namespace Stormly.Deploy.Process.Launching;

/// <summary>
/// The file that takes the output of an instance that outlives its host application: no pipe, so that nobody has to read on. It lies beside the
/// plugin's log, so that the library keeps both within the log's cap.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="TailBytes">How many of its last bytes are looked at.</param>
internal sealed record OutputFile(string Path, int TailBytes)
{
    /// <summary>The file's name.</summary>
    public const string Name = "output.log";

    /// <summary>Finds the file of an instance.</summary>
    /// <param name="logFile">The plugin's log.</param>
    /// <param name="tailBytes">How many of the last bytes are looked at.</param>
    /// <returns>The file, which need not be there.</returns>
    public static OutputFile Beside(string logFile, int tailBytes) => new(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(logFile)!, Name), tailBytes);

    /// <summary>Finds the file that a record names; a record is data that anybody could have written, and only what lies in the instance's folder is read.</summary>
    /// <param name="path">What the record says.</param>
    /// <param name="folder">The instance's folder.</param>
    /// <param name="tailBytes">How many of the last bytes are looked at.</param>
    /// <returns>The file; null where the record names none that may be read.</returns>
    public static OutputFile? OfRecord(string? path, string folder, int tailBytes)
        => path is not null && System.IO.Path.IsPathFullyQualified(path) && System.IO.Path.GetFileName(path) == Name
            && System.IO.Path.GetFullPath(path).StartsWith(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder)) + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
                ? new OutputFile(System.IO.Path.GetFullPath(path), tailBytes)
                : null;

    /// <summary>Reads its last lines: bounded, and whatever the plugin has put in its place.</summary>
    /// <returns>Printable text; empty where there is nothing that can be read.</returns>
    public string ReadTail()
    {
        var text = string.Join('\n', LogTail.ReadLast(Path, OutputTail.MaxLines, TailBytes)).TrimEnd('\n');
        return text.Length > OutputTail.MaxCharacters ? text[^OutputTail.MaxCharacters..] : text;
    }
}
