namespace Stormly.Deploy.AspNetCore.Pages.Snippets;

/// <summary>A call of curl for a POSIX shell: within single quotes nothing has a meaning but the quote itself.</summary>
internal static class CurlSnippet
{
    public static string Write(string address, string body) => $"""
        curl {Quote(address)} \
          -H 'Content-Type: application/json' \
          -d {Quote(body)}
        """;

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
