namespace Stormly.Deploy.Storage;

/// <summary>What of a plugin's folder counts. Paths are relative to the folder, with <c>/</c>.</summary>
internal static class PluginFiles
{
    /// <summary>What is no part of a plugin's files: version control, caches, and the documents of the run itself, whose content counts elsewhere.</summary>
    /// <param name="path">The path of a file or folder.</param>
    /// <returns>Whether no revision has a copy of it.</returns>
    public static bool IsLeftOut(string path) => IsIgnored(path) || IsDocument(path);

    /// <summary>What means nothing at all: version control and caches, which come and go while a plugin is only looked at.</summary>
    /// <param name="path">The path of a file or folder, or of something inside it.</param>
    /// <returns>Whether a change there is no change.</returns>
    public static bool IsIgnored(string path)
    {
        foreach (var range in path.AsSpan().Split('/'))
        {
            if (path.AsSpan()[range] is ".git" or "__pycache__")
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDocument(string path)
        => !path.Contains('/', StringComparison.Ordinal) && path.EndsWith(".json", StringComparison.Ordinal)
            && (path.StartsWith("results", StringComparison.Ordinal) || path.StartsWith("manifest", StringComparison.Ordinal));
}
