using System.Text.Json;
using Stormly.Deploy.AspNetCore.Pages.Snippets;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>The page's scripts under Node.js: their own tests, and that they write what the server writes.</summary>
public sealed class PageScriptTests : IDisposable
{
    private readonly PageScripts _scripts = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _scripts.Dispose();

    [Fact]
    public async Task Scripts_TheirOwnTests_Pass()
    {
        var (code, output, error) = await _scripts.RunAsync("node", ["--test", Path.Combine(PageScripts.TestFolder, "form.test.mjs")], "", Token);
        Assert.True(code == 0, output + error);
        Assert.Contains("# fail 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("# pass 0", output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "68")]
    public async Task Scripts_WriteExactlyWhatTheServerWrites()
    {
        const string Address = "https://example.org/it's/plugins/churn";
        var texts = NaughtyTexts.All;
        var values = NaughtyTexts.Json;
        var bodies = Bodies().ToList();
        var cases = JsonSerializer.Serialize(new { texts, values, bodies = bodies.Select(b => b.Select(p => new[] { p.Key, p.Value })), address = Address });
        var (code, output, error) = await _scripts.RunAsync("node", [Path.Combine(PageScripts.TestFolder, "parity.mjs"), _scripts.Folder], cases, Token);
        Assert.True(code == 0, error);
        var script = JsonElement.Parse(output);
        Assert.Equal(texts.Select(SafeJson.Quote), Strings(script.GetProperty("quoted")));
        Assert.Equal(values.Select(SafeJson.Show), Strings(script.GetProperty("shown")));
        Assert.Equal(bodies.Select(RequestText.Write), Strings(script.GetProperty("written")));
        Assert.Equal(values.Select(LaidOut), script.GetProperty("laidOut").EnumerateArray().Select(LaidOut));
        Assert.Equal(
            bodies.SelectMany(b => Snippet.All(Address, RequestText.Write(b)).Select(s => (s.Key, s.Code))),
            script.GetProperty("programs").EnumerateArray().SelectMany(p => p.EnumerateArray()).Select(p => (p[0].GetString()!, p[1].GetString()!)));
    }

    private static IEnumerable<KeyValuePair<string, string>[]> Bodies() =>
    [
        [],
        [KeyValuePair.Create("user_created", "1690000000")],
        .. NaughtyTexts.Json.Select(v => new[] { KeyValuePair.Create("plan", v) }),
        [.. NaughtyTexts.All.Zip(NaughtyTexts.Json, KeyValuePair.Create)],
    ];

    private static IEnumerable<string> Strings(JsonElement array) => array.EnumerateArray().Select(e => e.GetString()!);

    private static string LaidOut(string json)
    {
        var (pieces, whole) = JsonLayout.Of(RawJson.FromText(json), 200);
        return string.Join('|', pieces.Select(p => $"{p.Kind}:{p.Text}")) + whole;
    }

    private static string LaidOut(JsonElement one)
        => string.Join('|', one.GetProperty("pieces").EnumerateArray().Select(p => $"{p.GetProperty("kind").GetString()}:{p.GetProperty("text").GetString()}")) + one.GetProperty("whole").GetBoolean();
}
