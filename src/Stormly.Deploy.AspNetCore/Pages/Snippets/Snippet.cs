namespace Stormly.Deploy.AspNetCore.Pages.Snippets;

/// <summary>A program that sends a request.</summary>
/// <param name="Key">The language in one word of lower-case letters.</param>
/// <param name="Language">The language's name.</param>
/// <param name="Code">The program.</param>
internal sealed record Snippet(string Key, string Language, string Code)
{
    /// <summary>The same request in every language. Whatever the body and the address hold, they stay data: the body is JSON, and the address ASCII.</summary>
    /// <param name="address">The plugin's address.</param>
    /// <param name="body">The body, as <see cref="RequestText"/> writes it.</param>
    /// <returns>The programs.</returns>
    public static IReadOnlyList<Snippet> All(string address, string body) =>
    [
        new("curl", "curl", CurlSnippet.Write(address, body)),
        new("csharp", "C#", CSharpSnippet.Write(address, body)),
        new("python", "Python", PythonSnippet.Write(address, body)),
        new("javascript", "JavaScript", JavaScriptSnippet.Write(address, body)),
        new("php", "PHP", PhpSnippet.Write(address, body)),
    ];
}
