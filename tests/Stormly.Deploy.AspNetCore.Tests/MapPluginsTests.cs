using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore;

public sealed class MapPluginsTests : IAsyncLifetime
{
    private WebHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await WebHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Post_GoodAnswer_IsPassedOnByteForByteAsJson()
    {
        const string Answer = "{\"a\" : 4.0,\n\"b\":\"\\u00e9\"}";
        _host.Plugins.Answer = _ => Task.FromResult(FakePluginClient.Good(Answer));
        using var response = await PostAsync("/plugins/churn");
        Assert.Equal((HttpStatusCode.OK, Answer), (response.StatusCode, await response.Content.ReadAsStringAsync(Token)));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(("churn", "{\"props\":{}}"), Plain(Assert.Single(_host.Plugins.Requests)));
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("application/json; charset=\"UTF-8\"", true)]
    [InlineData("application/vnd.example+json", true)]
    [InlineData("text/plain", false)]
    [InlineData("application/jsonx", false)]
    [InlineData("application/json; charset=utf-16", false)]
    [InlineData("multipart/form-data", false)]
    [InlineData("nonsense", false)]
    [InlineData(null, false)]
    public async Task Post_ContentType_MustBeJson(string? contentType, bool accepted)
    {
        using var content = new ByteArrayContent("{\"props\":{}}"u8.ToArray());
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await _host.Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), content, Token);
        Assert.Equal(accepted ? 200 : 415, (int)response.StatusCode);
        Assert.Equal(accepted ? 1 : 0, _host.Plugins.Requests.Count);
        if (!accepted)
        {
            await AssertProblemAsync(response, "unsupported-media-type");
        }
    }

    [Fact]
    public async Task Post_EncodedBody_IsRefused()
    {
        using var content = Json();
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await _host.Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), content, Token);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.Empty(_host.Plugins.Requests);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task OtherMethods_AreRefusedWithAllow(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("/plugins/churn", UriKind.Relative));
        using var response = await _host.Http.SendAsync(request, Token);
        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal("POST", string.Join(",", response.Content.Headers.Allow));
        await AssertProblemAsync(response, "method-not-allowed");
        Assert.Empty(_host.Plugins.Requests);
    }

    [Theory]
    [InlineData("/plugins/churn/extra")]
    [InlineData("/plugins/churn/a/b/../c")]
    [InlineData("/plugins/churn//")]
    [Trait("Fault", "72")]
    public async Task Post_FurtherSegments_NeverReachAPlugin(string path)
    {
        var answer = await RawClient.AskAsync(_host.Port, Request(path), Token);
        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.Empty(_host.Plugins.Requests);
    }

    [Theory]
    [InlineData("/plugins/churn?x=1?y=/../..", "churn")]
    [InlineData("/plugins/churn/?admin=true", "churn")]
    [InlineData("/plugins/..%2f..%2fetc", "..%2f..%2fetc")]
    [InlineData("/plugins/x/../churn", "churn")]
    [InlineData("/plugins/churn%3Fx", "churn?x")]
    [Trait("Fault", "72")]
    public async Task Post_QueriesAndTraversals_AreNoMoreThanAName(string path, string plugin)
    {
        await RawClient.AskAsync(_host.Port, Request(path), Token);
        Assert.Equal(plugin, Assert.Single(_host.Plugins.Requests).Plugin, ignoreCase: true);
    }

    [Fact]
    [Trait("Fault", "69")]
    public async Task Post_ForgedHeaders_DoNotReachThePlugin()
    {
        var answer = await RawClient.AskAsync(
            _host.Port, Request("/plugins/churn", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil\r\nForwarded: for=6.6.6.6\r\n"), Token);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(("churn", "{\"props\":{}}"), Plain(Assert.Single(_host.Plugins.Requests)));
        Assert.DoesNotContain("evil", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PluginOutcome.UnknownPlugin, 404)]
    [InlineData(PluginOutcome.InvalidRequest, 400)]
    [InlineData(PluginOutcome.RequestTooLarge, 413)]
    [InlineData(PluginOutcome.Overloaded, 429)]
    [InlineData(PluginOutcome.Unavailable, 503)]
    [InlineData(PluginOutcome.PluginError, 502)]
    [InlineData(PluginOutcome.Timeout, 504)]
    public async Task Post_EachRowOfTheAnswerTable_IsAProblemDocument(PluginOutcome outcome, int status)
    {
        _host.Plugins.Answer = _ => Task.FromResult(FakePluginClient.Bad(outcome));
        using var response = await PostAsync("/plugins/churn");
        Assert.Equal(status, (int)response.StatusCode);
        var problem = await AssertProblemAsync(response, outcome.ToSlug());
        Assert.Equal(("churn", status), (problem.GetProperty("plugin").GetString(), problem.GetProperty("status").GetInt32()));
        Assert.Equal(problem.GetProperty("traceId").GetString(), Assert.Single(_host.Plugins.Requests).TraceId);
    }

    [Theory]
    [InlineData(0.2, "1")]
    [InlineData(7, "7")]
    [InlineData(7.1, "8")]
    public async Task Post_RetryAfter_IsWholeSecondsRoundedUp(double seconds, string header)
    {
        _host.Plugins.Answer = _ => Task.FromResult(new PluginResponse(PluginOutcome.Overloaded, new PluginProblem("t", "T", "D")) { RetryAfter = TimeSpan.FromSeconds(seconds) });
        using var response = await PostAsync("/plugins/churn");
        Assert.Equal(header, response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task Post_PluginFailed_TellsItsCodeAndTheReason()
    {
        _host.Plugins.Answer = _ => Task.FromResult(
            new PluginResponse(PluginOutcome.PluginError, new PluginProblem("t", "T", "D") { Reason = "status" }) { PluginStatusCode = 418 });
        using var response = await PostAsync("/plugins/churn");
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(("status", 418), (problem.GetProperty("reason").GetString(), problem.GetProperty("pluginStatus").GetInt32()));
    }

    [Fact]
    public async Task Post_InvalidRequest_ListsEveryProblem()
    {
        var problems = new[] { "a", "b" }.Select(n => new RequestProblem { Pointer = "/props/" + n, Input = n, Rule = "must be there", Remedy = "Send it.", Explanation = "<b>" });
        _host.Plugins.Answer = _ => Task.FromResult(new PluginResponse(PluginOutcome.InvalidRequest, new PluginProblem("t", "T", "D") { Problems = [.. problems] }));
        using var response = await PostAsync("/plugins/churn");
        var listed = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)).GetProperty("problems").EnumerateArray().ToList();
        Assert.Equal(["/props/a", "/props/b"], listed.Select(p => p.GetProperty("pointer").GetString()));
        Assert.Equal("<b>", listed[0].GetProperty("explanation").GetString());
        Assert.False(listed[0].TryGetProperty("value", out _));
    }

    [Fact]
    [Trait("Fault", "75")]
    public async Task Post_NameWithLineBreaksAndQuotes_StaysOneJsonString()
    {
        _host.Plugins.Answer = _ => Task.FromResult(FakePluginClient.Bad(PluginOutcome.UnknownPlugin));
        var answer = await RawClient.AskAsync(_host.Port, Request("/plugins/%0d%0aSet-Cookie:x%22%7d"), Token);
        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        var head = answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        Assert.DoesNotContain("Set-Cookie", head, StringComparison.Ordinal);
        Assert.Equal("\r\nSet-Cookie:x\"}", JsonElement.Parse(answer[(head.Length + 4)..]).GetProperty("plugin").GetString());
    }

    [Fact]
    public async Task MapPlugins_PathBaseAndAnotherPrefix_Work()
    {
        await using var host = await WebHost.StartAsync(static app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            app.MapPlugins("api/models");
        });
        using var response = await host.Http.PostAsync(new Uri("/base/api/models/churn", UriKind.Relative), Json(), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("churn", Assert.Single(host.Plugins.Requests).Plugin);
    }

    [Fact]
    public async Task MapPlugins_RequireAuthorization_GuardsEveryEndpoint()
    {
        await using var host = await WebHost.StartAsync(
            static app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapPlugins("/plugins").RequireAuthorization();
            },
            static services => services.AddAuthorization().AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, KeyScheme>("test", null));
        using (var refused = await host.Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), Json(), Token))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Empty(host.Plugins.Requests);
        }

        host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Key", "good");
        using var allowed = await host.Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), Json(), Token);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public void MapPlugins_WithoutPluginDeployment_SaysWhatIsMissing()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        Assert.Contains("AddPluginDeployment", Assert.Throws<InvalidOperationException>(() => app.MapPlugins("/plugins")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapPlugins_OptionsOutOfRange_IsRefusedAtStart()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => WebHost.StartAsync(null, static s => s.Configure<PluginEndpointOptions>(o => o.BodyTimeout = TimeSpan.Zero)));
        Assert.Equal("BodyTimeout must be from 00:00:00.0100000 to 01:00:00, was: 00:00:00", error.Failures.Single());
    }

    private static StringContent Json() => new("{\"props\":{}}", Encoding.UTF8, "application/json");

    private static string Request(string path, string headers = "")
        => $"POST {path} HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\n{headers}Connection: close\r\nContent-Length: 12\r\n\r\n{{\"props\":{{}}}}";

    private static (string Plugin, string Body) Plain((string Plugin, string Body, string? TraceId) request) => (request.Plugin, request.Body);

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, string slug)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.ToString());
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal("urn:stormly-deploy:problem:" + slug, problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem;
    }

    private Task<HttpResponseMessage> PostAsync(string path) => _host.Http.PostAsync(new Uri(path, UriKind.Relative), Json(), Token);

    private sealed class KeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
            => Task.FromResult(Request.Headers.Authorization == "Key good"
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([], "test")), "test"))
                : AuthenticateResult.NoResult());
    }
}
