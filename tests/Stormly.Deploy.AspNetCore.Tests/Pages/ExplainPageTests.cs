using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>The page as it goes over the wire.</summary>
public sealed partial class ExplainPageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    private readonly FakeDescriptions _descriptions = new();
    private readonly IPluginDeployments _deployments = Substitute.For<IPluginDeployments>();
    private readonly FixedDetection _detection = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Fault", "68")]
    public async Task Get_Browser_GetsAPageUnderAPolicyThatLetsNothingOfAPluginRun()
    {
        const string Hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
        Describe(new ExplainedTab
        {
            Title = Hostile,
            Outputs = [RawJson.FromText($"{{\"a\":\"{Hostile.Replace("\"", "\\\"", StringComparison.Ordinal)}\"}}")],
            Inputs = [new ExplainedInput { Name = Hostile, Required = true, Explanation = Hostile, Examples = [RawJson.FromText("\"</textarea><script>\"")] }],
        });
        await using var host = await StartAsync();
        using var response = await GetAsync(host, "/plugins/churn");
        var page = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.Equal(Policy, response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-cache, private", response.Headers.CacheControl!.ToString());
        Assert.Equal(["Accept"], response.Headers.Vary);
        Assert.Equal(2, Script().Count(page));
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(Inline(), Quoted().Replace(page, "\"\""));
    }

    [Fact]
    public async Task Get_Assets_AreImmutableAndOnlyOfThisVersion()
    {
        await using var host = await StartAsync();
        using var response = await GetAsync(host, "/plugins/churn");
        var places = Asset().Matches(await response.Content.ReadAsStringAsync(Token)).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(["icon.svg", "page.css", "boot.js", "page.js"], places.Select(p => p.Split('/')[^1]));
        string[] types = ["image/svg+xml", "text/css; charset=utf-8", "text/javascript; charset=utf-8", "text/javascript; charset=utf-8"];
        foreach (var (place, type) in places.Zip(types))
        {
            using var asset = await GetAsync(host, "/plugins/" + place);
            Assert.Equal((HttpStatusCode.OK, type), (asset.StatusCode, asset.Content.Headers.ContentType!.ToString()));
            Assert.Equal("public, max-age=31536000, immutable", asset.Headers.CacheControl!.ToString());
            Assert.NotEmpty(await asset.Content.ReadAsByteArrayAsync(Token));
        }

        using var old = await GetAsync(host, "/plugins/_a/000000000000/page.css");
        using var other = await GetAsync(host, "/plugins/" + places[1].Replace("page.css", "..%2fsecret", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (old.StatusCode, other.StatusCode));
    }

    [Theory]
    [InlineData("/plugins/churn/", "../_a/", "../churn")]
    [InlineData("/plugins/churn", "_a/", "churn")]
    public async Task Get_WithAndWithoutSlash_LinksLeadToTheSamePlaces(string path, string assets, string call)
    {
        await using var host = await StartAsync();
        using var response = await GetAsync(host, path);
        var page = await response.Content.ReadAsStringAsync(Token);
        Assert.Contains($"href=\"{assets}{PageAssets.Version}/page.css\"", page, StringComparison.Ordinal);
        Assert.Contains($"data-call=\"{call}\"", page, StringComparison.Ordinal);
        Assert.Contains($">http://127.0.0.1:{host.Port}/plugins/churn</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UnknownPlugin_BrowsersGetAPageAndProgramsAProblem()
    {
        await using var host = await StartAsync();
        using var page = await GetAsync(host, "/plugins/%3Cscript%3E" + new string('x', 2000));
        using var problem = await GetAsync(host, "/plugins/nobody", "application/json");
        var text = await page.Content.ReadAsStringAsync(Token);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (problem.StatusCode, problem.Content.Headers.ContentType!.MediaType));
        Assert.Contains("There is no such plugin", text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;xxx", text, StringComparison.Ordinal);
        Assert.Equal(2, Script().Count(text));
    }

    [Fact]
    public async Task Get_NothingServes_ThePageIsThereAndSaysSoWithoutTheReason()
    {
        _deployments.Get("churn").Returns(new DeploymentSnapshot
        {
            Plugin = PluginName.Parse("churn"),
            Phase = DeploymentPhase.Failed,
            Reason = "no such file: /srv/secret",
            WantedInstances = 2,
            Instances = [],
            Decisions = [],
            Version = 1,
        });
        await using var host = await StartAsync();
        using var response = await GetAsync(host, "/plugins/churn");
        var page = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("chip-state bad\">Down</span>", page, StringComparison.Ordinal);
        Assert.Contains("0 of 2 instances ready", page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_AnswersAsGetWithoutBody()
    {
        await using var host = await StartAsync();
        using var got = await GetAsync(host, "/plugins/churn");
        using var head = await SendAsync(host, HttpMethod.Head, "/plugins/churn", Browser);
        Assert.Equal(got.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    [Trait("Fault", "69")]
    public async Task Get_ForgedHeaders_DoNotChangeForWhomThingsAreFound()
    {
        _detection.Found = [new DetectedFeature("feature_a", RawJson.FromText("\"<b>NL\""), InputSource.Detector, "country of the <i>address")];
        Describe(new ExplainedTab { Inputs = [new ExplainedInput { Name = "feature_a", Required = false, Source = InputSource.Detector }] });
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/plugins/churn", UriKind.Relative));
        request.Headers.Add("Accept", Browser);
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");
        using var response = await host.Http.SendAsync(request, Token);
        var page = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal(IPAddress.Loopback, _detection.Asked!.EndUser!.Address);
        Assert.Contains("&lt;b&gt;NL", page, StringComparison.Ordinal);
        Assert.Contains("country of the &lt;i&gt;address", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OrdinaryPlugin_PageAndAssetsTogetherAreLight()
    {
        Describe(new ExplainedTab
        {
            Outputs = [RawJson.FromText("""{"probability":0.8312,"label":"leaves"}"""), RawJson.FromText("""{"probability":0.0471,"label":"stays"}""")],
            Inputs =
            [
                .. Enumerable.Range(0, 8).Select(i => new ExplainedInput
                {
                    Name = $"input_{i}", Required = i == 0, Importance = i / 8.0, Explanation = "What this input means to the model, in a sentence.", Examples = [RawJson.FromText("1.0"), RawJson.FromText("\"two\"")],
                }),
            ],
        });
        await using var host = await StartAsync();
        using var response = await GetAsync(host, "/plugins/churn");
        var page = await response.Content.ReadAsByteArrayAsync(Token);
        var assets = 0;
        foreach (var name in typeof(PageAssets).Assembly.GetManifestResourceNames().Where(n => n.StartsWith("pages/", StringComparison.Ordinal)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/plugins/_a/{PageAssets.Version}/{name["pages/".Length..]}", UriKind.Relative));
            request.Headers.Add("Accept-Encoding", "br, gzip");
            using var asset = await host.Http.SendAsync(request, Token);
            Assert.Equal(["gzip"], asset.Content.Headers.ContentEncoding);
            Assert.Equal(["Accept-Encoding"], asset.Headers.Vary);
            assets += (await asset.Content.ReadAsByteArrayAsync(Token)).Length;
        }

        Assert.InRange(page.Length, 5_000, 30_000);
        Assert.InRange(assets, 5_000, 20_000);
    }

    [GeneratedRegex("<script\\b", RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    [GeneratedRegex(@"<[^>]*\s(on\w+|style)\s*=|<style", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("(?:href|src)=\"(_a/[^\"]+)\"")]
    private static partial Regex Asset();

    private void Describe(params ExplainedTab[] tabs) => _descriptions.All = _descriptions.All.SetItem("churn", FakeDescriptions.Describe("churn", tabs));

    private Task<WebHost> StartAsync() => WebHost.StartAsync(null, s => s
        .AddSingleton<IPluginDescriptions>(_descriptions).AddSingleton(_deployments).AddSingleton<IFeatureDetection>(_detection));

    private static Task<HttpResponseMessage> GetAsync(WebHost host, string path, string accept = Browser) => SendAsync(host, HttpMethod.Get, path, accept);

    private static async Task<HttpResponseMessage> SendAsync(WebHost host, HttpMethod method, string path, string accept)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("Accept", accept);
        return await host.Http.SendAsync(request, Token);
    }

    private sealed class FixedDetection : IFeatureDetection
    {
        public ImmutableArray<DetectedFeature> Found { get; set; } = [];

        public PluginCallContext? Asked { get; private set; }

        public ValueTask<ImmutableArray<DetectedFeature>> DetectAsync(string plugin, PluginCallContext context, CancellationToken cancellationToken = default)
        {
            Asked = context;
            return new(Found);
        }
    }
}
