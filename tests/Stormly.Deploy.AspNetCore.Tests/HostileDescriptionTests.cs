using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.AspNetCore;

/// <summary>What a stranger writes into a plugin stays in bodies, and stays text there.</summary>
public sealed class HostileDescriptionTests : IAsyncLifetime
{
    private static readonly string[] Headers =
        ["Content-Length", "Content-Type", "Date", "Server", "ETag", "Cache-Control", "Vary", "X-Content-Type-Options"];

    private WebHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var inputs = NaughtyStrings.All.Select((s, i) => new ExplainedInput
        {
            Name = s,
            Required = i % 2 == 0,
            Explanation = s,
            Feature = new FeatureDescriptor { Key = s, Name = s, Kind = s, NativeType = (NativeType)(i % 5) },
        });
        var tab = new ExplainedTab { Title = NaughtyStrings.All[0], Inputs = [.. inputs.DistinctBy(i => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(i.Name)))] };
        var descriptions = new FakeDescriptions();
        descriptions.All = descriptions.All.SetItem("churn", FakeDescriptions.Describe("churn", tab, tab with { Title = "\r\nX-Evil: 1" }) with { LastAnswer = RawJson.FromText("[\"</script>\"]") });
        _host = await WebHost.StartAsync(null, s => s.AddSingleton<IPluginDescriptions>(descriptions));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/plugins/churn", "text/markdown")]
    [InlineData("/plugins/churn", "application/json")]
    [InlineData("/plugins/churn/explain.json", "*/*")]
    [InlineData("/plugins/churn/openapi.json", "*/*")]
    [InlineData("/plugins/churn/schema.json", "*/*")]
    [Trait("Fault", "75")]
    public async Task Get_Anything_HasTheHeadersOfAnyPluginAndNoOther(string path, string accept)
    {
        var answer = await RawClient.AskAsync(_host.Port, $"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n", Token);
        var head = answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        Assert.Equal("HTTP/1.1 200 OK", head[0]);
        Assert.Empty(head.Skip(1).Select(h => h[..h.IndexOf(':', StringComparison.Ordinal)]).Except(Headers));
        Assert.All(head, h => Assert.DoesNotContain(h, c => c is < ' ' or > '~'));
        Assert.DoesNotContain("evil", string.Concat(head), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/plugins/churn/explain.json")]
    [InlineData("/plugins/churn/openapi.json")]
    [InlineData("/plugins/churn/schema.json")]
    [Trait("Fault", "68")]
    public async Task Get_Json_IsStrictJsonInWhichTextsAreTextsAndCannotBeTakenForHtml(string path)
    {
        var text = await _host.Http.GetStringAsync(new Uri(path, UriKind.Relative), Token);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false }).ValueKind);
        Assert.All(NaughtyStrings.All.Where(s => s.StartsWith('<') && s.Length > 2), s => Assert.DoesNotContain(s, text, StringComparison.Ordinal));
        Assert.DoesNotContain(text, static c => char.IsControl(c) || c is '\u202e' or '\u200b' or '\ufeff');
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Fault", "75")]
    public async Task Get_PluginOfANaughtyName_IsRefusedInOnePiece(string name)
    {
        var answer = await RawClient.AskAsync(_host.Port, $"GET /plugins/{Uri.EscapeDataString(name)} HTTP/1.1\r\nHost: x\r\n\r\n", Token);
        var head = answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        Assert.Matches("^HTTP/1.1 (404 Not Found|400 Bad Request|414 URI Too Long)$", head[0]);
        Assert.Empty(head.Skip(1).Select(h => h[..h.IndexOf(':', StringComparison.Ordinal)]).Except([.. Headers, "Connection"]));
    }

    public static TheoryData<string> Names() => [.. NaughtyStrings.All.Where(s => s.Trim().Length > 0 && s.EnumerateRunes().All(r => r != Rune.ReplacementChar))];
}
