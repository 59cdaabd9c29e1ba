using System.Globalization;
using System.Text;

namespace ChurnHost;

/// <summary>Finds plugins' processes by what the contract puts into their environment: MANIFEST_FILE, a file below the state folder. Linux only.</summary>
internal static class PluginProcesses
{
    /// <summary>The processes whose manifest lies below the folder, oldest first.</summary>
    public static IReadOnlyList<int> Below(string folder)
    {
        var wanted = Encoding.UTF8.GetBytes($"MANIFEST_FILE={Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))}/");
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id != 0 && Holds(id, wanted))
            .Order()];
    }

    private static bool Holds(int id, byte[] wanted)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/environ").AsSpan().IndexOf(wanted) >= 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
