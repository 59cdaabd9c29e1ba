namespace Stormly.Deploy.AspNetCore.Pages.Snippets;

/// <summary>A Python program that needs nothing beside the standard library. A raw string holds JSON as it is, unless it has three apostrophes in a row.</summary>
internal static class PythonSnippet
{
    public static string Write(string address, string body) => $"""
        import json
        import urllib.request

        body = {Text(body)}
        request = urllib.request.Request(
            {DoubleQuoted.Write(address)},
            body.encode(),
            {"{"}"Content-Type": "application/json"{"}"},
        )
        with urllib.request.urlopen(request) as response:
            print(json.load(response))
        """;

    private static string Text(string body) => body.Contains("'''", StringComparison.Ordinal) ? DoubleQuoted.Write(body) : $"r'''{body}'''";
}
