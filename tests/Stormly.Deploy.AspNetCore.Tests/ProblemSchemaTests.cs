using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore;

/// <summary>The problem documents that callers really get, held against what the OpenAPI document says of them.</summary>
public sealed class ProblemSchemaTests : IAsyncLifetime
{
    private WebHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await WebHost.StartAsync(null, static s => s.AddSingleton<IPluginDescriptions>(new FakeDescriptions()));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(PluginOutcome.UnknownPlugin)]
    [InlineData(PluginOutcome.InvalidRequest)]
    [InlineData(PluginOutcome.RequestTooLarge)]
    [InlineData(PluginOutcome.Overloaded)]
    [InlineData(PluginOutcome.Unavailable)]
    [InlineData(PluginOutcome.PluginError)]
    [InlineData(PluginOutcome.Timeout)]
    public async Task Problem_OfAnOutcome_IsWhatTheDocumentSays(PluginOutcome outcome)
    {
        var lists = outcome is PluginOutcome.InvalidRequest or PluginOutcome.RequestTooLarge;
        var bad = FakePluginClient.Bad(outcome);
        ImmutableArray<RequestProblem> problems = lists ? [new() { Pointer = "/props/a", Input = "a", Rule = "must", Remedy = "do", Value = "1", Explanation = "e" }, new() { Pointer = "", Rule = "must", Remedy = "do" }] : [];
        var problem = bad.Problem! with { Problems = problems, Reason = outcome == PluginOutcome.PluginError ? "status" : null };
        _host.Plugins.Answer = _ => Task.FromResult(new PluginResponse(outcome, problem)
        {
            RetryAfter = outcome is PluginOutcome.Overloaded or PluginOutcome.Unavailable ? TimeSpan.FromSeconds(3) : null,
            PluginStatusCode = outcome == PluginOutcome.PluginError ? 500 : null,
        });
        using var response = await PostAsync("application/json");
        await AssertDescribedAsync(response);
    }

    [Theory]
    [InlineData("PUT", "application/json", 405)]
    [InlineData("POST", "text/plain", 415)]
    public async Task Problem_OfTheRequestItself_IsWhatTheDocumentSays(string method, string type, int status)
    {
        using var response = await PostAsync(type, method);
        Assert.Equal(status, (int)response.StatusCode);
        await AssertDescribedAsync(response);
    }

    [Theory]
    [InlineData("Content-Length: 99999999\r\n\r\n", 413)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nnot a chunk\r\n", 400)]
    public async Task Problem_OfABodyThatBreaksHttp_IsWhatTheDocumentSays(string rest, int status)
    {
        var answer = await RawClient.AskAsync(_host.Port, $"POST /plugins/churn HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{rest}", Token);
        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        await AssertDescribedAsync(status, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], []);
    }

    [Fact]
    public async Task Problem_OfABodyThatDoesNotCome_IsWhatTheDocumentSays()
    {
        await using var host = await WebHost.StartAsync(null, static s => s.Configure<PluginEndpointOptions>(o => o.BodyTimeout = TimeSpan.FromMilliseconds(10)));
        var answer = await RawClient.AskAsync(host.Port, "POST /plugins/churn HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{", Token);
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        await AssertDescribedAsync(408, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], []);
    }

    [Fact]
    public async Task Document_TellsExactlyTheMembersThatAreWritten()
    {
        var schemas = (await ReadAsync()).GetProperty("components").GetProperty("schemas");
        Assert.Equal(["type", "title", "status", "detail", "plugin", "traceId"], Names(schemas.GetProperty("Problem").GetProperty("properties")));
        Assert.Equal(["pointer", "input", "rule", "remedy", "value", "explanation"], Names(schemas.GetProperty("RequestProblem").GetProperty("properties")));
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(m => m.Name);

    private async Task<JsonElement> ReadAsync() => JsonElement.Parse(await _host.Http.GetStringAsync(new Uri("/plugins/churn/openapi.json", UriKind.Relative), Token));

    private async Task AssertDescribedAsync(HttpResponseMessage response) => await AssertDescribedAsync(
        (int)response.StatusCode, await response.Content.ReadAsStringAsync(Token), response.Headers.Concat(response.Content.Headers).Select(h => h.Key).Intersect(["Retry-After", "Allow"]));

    private async Task AssertDescribedAsync(int status, string body, IEnumerable<string> headers)
    {
        var document = await ReadAsync();
        var described = document.GetProperty("paths").GetProperty("/plugins/churn").GetProperty("post").GetProperty("responses").GetProperty($"{status}");
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["components"] = JsonNode.Parse(document.GetProperty("components").GetRawText()),
            ["$ref"] = "#/$defs/response",

            // Whatever no schema names is a member that the document does not tell.
            ["unevaluatedProperties"] = false,
            ["$defs"] = new JsonObject { ["response"] = JsonNode.Parse(described.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetRawText()) },
        };
        var rule = JsonSchema.FromText(schema.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
        Assert.True(rule.Evaluate(JsonElement.Parse(body)).IsValid, body);
        Assert.All(headers, h => Assert.True(described.GetProperty("headers").TryGetProperty(h, out _), h));
    }

    private async Task<HttpResponseMessage> PostAsync(string type, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("/plugins/churn", UriKind.Relative));
        request.Content = new StringContent("{\"props\":{}}", Encoding.UTF8, type);
        return await _host.Http.SendAsync(request, Token);
    }
}
