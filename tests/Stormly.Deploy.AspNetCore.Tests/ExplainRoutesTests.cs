using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Stormly.Deploy.AspNetCore;

public sealed class ExplainRoutesTests : IAsyncLifetime
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private readonly FakeDescriptions _descriptions = new();
    private WebHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await WebHost.StartAsync(null, s => s.AddSingleton<IPluginDescriptions>(_descriptions));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/plugins/churn/explain.json", "application/json")]
    [InlineData("/plugins/churn/openapi.json", "application/json")]
    [InlineData("/plugins/churn/schema.json", "application/schema+json")]
    public async Task Get_Document_IsServedForCachesThatAskAgain(string path, string type)
    {
        using var response = await SendAsync("GET", path);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(text).ValueKind);
        Assert.Matches("^\"[0-9a-f]{32}\"$", response.Headers.ETag!.ToString());
    }

    [Theory]
    [InlineData("/plugins/churn/explain.json")]
    [InlineData("/plugins/churn/schema.json")]
    [InlineData("/plugins/churn")]
    public async Task Head_AnswersAsGetWithoutBody(string path)
    {
        using var got = await SendAsync("GET", path);
        using var head = await SendAsync("HEAD", path);
        Assert.Equal((got.StatusCode, got.Headers.ETag, got.Content.Headers.ContentLength), (head.StatusCode, head.Headers.ETag, head.Content.Headers.ContentLength));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("{0}", 304)]
    [InlineData("W/{0}", 304)]
    [InlineData("\"other\", {0}", 304)]
    [InlineData("*", 304)]
    [InlineData("\"other\"", 200)]
    [InlineData("nonsense", 200)]
    public async Task Get_IfNoneMatch_IsNotSentAgain(string header, int status)
    {
        using var first = await SendAsync("GET", "/plugins/churn/explain.json");
        using var again = await SendAsync("GET", "/plugins/churn/explain.json", ("If-None-Match", string.Format(null, header, first.Headers.ETag)));
        Assert.Equal((status, first.Headers.ETag), ((int)again.StatusCode, again.Headers.ETag));
        Assert.Equal(status == 304, (await again.Content.ReadAsByteArrayAsync(Token)).Length == 0);
    }

    [Fact]
    public async Task Get_DescriptionChanged_HasAnotherTag()
    {
        using var first = await SendAsync("GET", "/plugins/churn/explain.json");
        _descriptions.All = _descriptions.All.SetItem("churn", FakeDescriptions.Describe("churn", new Explain.ExplainedTab { Title = "Other" }));
        using var again = await SendAsync("GET", "/plugins/churn/explain.json", ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.NotEqual(first.Headers.ETag, again.Headers.ETag);
    }

    [Theory]
    [InlineData("/plugins/nobody")]
    [InlineData("/plugins/nobody/explain.json")]
    [InlineData("/plugins/nobody/schema.json")]
    public async Task Get_UnknownPlugin_Is404(string path)
    {
        using var response = await SendAsync("GET", path);
        await AssertProblemAsync(response, 404, "unknown-plugin");
    }

    [Theory]
    [InlineData("/plugins/churn/other.json")]
    [InlineData("/plugins/churn/explain.json/more")]
    public async Task Get_UnknownPlace_Is404(string path)
    {
        using var response = await SendAsync("GET", path);
        await AssertProblemAsync(response, 404, "unknown-place");
    }

    [Theory]
    [InlineData("PUT", "/plugins/churn", "GET, HEAD, POST")]
    [InlineData("DELETE", "/plugins/churn", "GET, HEAD, POST")]
    [InlineData("POST", "/plugins/churn/explain.json", "GET, HEAD")]
    [InlineData("PATCH", "/plugins/churn/schema.json", "GET, HEAD")]
    public async Task OtherMethods_AreRefusedWithAllow(string method, string path, string allowed)
    {
        using var response = await SendAsync(method, path);
        await AssertProblemAsync(response, 405, "method-not-allowed");
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        Assert.Empty(_host.Plugins.Requests);
    }

    [Fact]
    public async Task Get_BehindPathBaseAndPrefix_NamesTheAddressAsTheCallerSeesIt()
    {
        await using var host = await WebHost.StartAsync(
            static app =>
            {
                app.UsePathBase("/tenant-a");
                app.UseRouting();
                app.MapPlugins("api/mod els");
            },
            s => s.AddSingleton<IPluginDescriptions>(_descriptions));
        foreach (var path in new[] { "/tenant-a/api/mod%20els/churn", "/tenant-a/api/mod%20els/churn/", "/tenant-a/api/mod%20els/churn/explain.json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.Add("Accept", "application/json");
            request.Headers.Host = "evil.example";
            using var response = await host.Http.SendAsync(request, Token);
            var text = await response.Content.ReadAsStringAsync(Token);
            Assert.Equal("/tenant-a/api/mod%20els/churn", JsonElement.Parse(text).GetProperty("endpoint").GetProperty("path").GetString());
            Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Browser, "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/markdown, text/html;q=0.9", "text/markdown")]
    [InlineData("*/*", "text/markdown")]
    public async Task Get_Accept_BrowsersGetThePageAndProgramsDoNot(string accept, string type)
    {
        using var response = await SendAsync("GET", "/plugins/churn", ("Accept", accept));
        Assert.Equal((type, "Accept"), (response.Content.Headers.ContentType!.MediaType, string.Join(",", response.Headers.Vary)));
    }

    [Fact]
    public async Task Get_ApplicationVariesByMore_BothStand()
    {
        await using var host = await WebHost.StartAsync(
            static app =>
            {
                app.Use(static (context, next) =>
                {
                    context.Response.Headers.Vary = "Origin";
                    return next(context);
                });
                app.MapPlugins("/plugins");
            },
            s => s.AddSingleton<IPluginDescriptions>(_descriptions));
        foreach (var (path, own) in new[] { ("/plugins/churn", "Accept"), ($"/plugins/_a/{Pages.PageAssets.Version}/page.js", "Accept-Encoding") })
        {
            using var response = await host.Http.GetAsync(new Uri(path, UriKind.Relative), Token);
            Assert.Equal(["Origin", own], response.Headers.Vary);
        }
    }

    [Fact]
    public async Task Get_Problem_IsKeptByNoCache()
    {
        using var response = await SendAsync("GET", "/plugins/nobody");
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("text/markdown")]
    [InlineData("text/plain;q=0.5, text/markdown;q=0.4")]
    public async Task Get_MarkdownOrAnything_IsMarkdown(string? accept)
    {
        using var response = await SendAsync("GET", "/plugins/churn", accept is null ? [] : [("Accept", accept)]);
        Assert.Equal((HttpStatusCode.OK, "text/markdown; charset=utf-8"), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.Equal("Accept", string.Join(",", response.Headers.Vary));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("# churn\n", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_TwoForms_HaveTagsOfTheirOwn()
    {
        using var markdown = await SendAsync("GET", "/plugins/churn", ("Accept", "text/markdown"));
        using var json = await SendAsync("GET", "/plugins/churn", ("Accept", "application/json"), ("If-None-Match", markdown.Headers.ETag!.ToString()));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (json.StatusCode, json.Content.Headers.ContentType!.ToString()));
    }

    [Fact]
    public async Task Get_NothingThatThereIs_Is406AndSaysWhatThereIs()
    {
        using var response = await SendAsync("GET", "/plugins/churn", ("Accept", "image/png"));
        var problem = await AssertProblemAsync(response, 406, "not-acceptable");
        Assert.Contains("text/markdown, application/json, text/html", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("Accept", string.Join(",", response.Headers.Vary));
    }

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, int status, string slug)
    {
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal("urn:stormly-deploy:problem:" + slug, problem.GetProperty("type").GetString());
        return problem;
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _host.Http.SendAsync(request, Token);
    }
}
