namespace Stormly.Deploy.AspNetCore.Pages.Snippets;

/// <summary>A PHP program that needs no extension. A nowdoc holds JSON as it is: no line of JSON begins with its closing word.</summary>
internal static class PhpSnippet
{
    public static string Write(string address, string body) => $$"""
        <?php
        $body = <<<'JSON'
        {{body}}
        JSON;
        $context = stream_context_create(['http' => [
            'method' => 'POST',
            'header' => 'Content-Type: application/json',
            'content' => $body,
            'ignore_errors' => true,
        ]]);
        echo file_get_contents({{Quote(address)}}, false, $context), PHP_EOL;
        """;

    private static string Quote(string text)
        => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
