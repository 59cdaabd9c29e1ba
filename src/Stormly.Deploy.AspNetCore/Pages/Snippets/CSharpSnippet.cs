namespace Stormly.Deploy.AspNetCore.Pages.Snippets;

/// <summary>A C# program of top-level statements. JSON never has three quotes in a row, so a raw string holds it as it is.</summary>
internal static class CSharpSnippet
{
    private const string Margin = "\n    ";

    public static string Write(string address, string body) => $"""
        using System.Net.Http;
        using System.Text;

        using var http = new HttpClient();
        var body = {Raw(body)};
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync({DoubleQuoted.Write(address)}, content);
        Console.WriteLine(await response.Content.ReadAsStringAsync());
        """;

    private static string Raw(string body)
    {
        const string Quotes = "\"\"\"";
        var lines = body.ReplaceLineEndings("\n").Replace("\n", Margin, StringComparison.Ordinal);
        return $"{Quotes}{Margin}{lines}{Margin}{Quotes}";
    }
}
