namespace Stormly.Deploy.AspNetCore.Pages.Snippets;

/// <summary>A JavaScript module, for browsers and Node.js. A raw template holds JSON as it is, unless it has a backtick or <c>${</c>.</summary>
internal static class JavaScriptSnippet
{
    public static string Write(string address, string body) => $$"""
        const response = await fetch({{DoubleQuoted.Write(address)}}, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: {{Text(body)}},
        });
        console.log(response.status, await response.json());
        """;

    private static string Text(string body)
        => body.Contains('`', StringComparison.Ordinal) || body.Contains("${", StringComparison.Ordinal) ? DoubleQuoted.Write(body) : $"String.raw`{body}`";
}
