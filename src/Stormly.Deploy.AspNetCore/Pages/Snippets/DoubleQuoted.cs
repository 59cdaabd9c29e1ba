namespace Stormly.Deploy.AspNetCore.Pages.Snippets;

/// <summary>Text in double quotes, as C#, Python and JavaScript read it alike.</summary>
internal static class DoubleQuoted
{
    public static string Write(string text)
        => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
