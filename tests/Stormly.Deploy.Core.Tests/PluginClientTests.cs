using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

/// <summary>What is sent, and what is made of an answer.</summary>
public sealed class PluginClientTests : PluginClientWorld
{
    public static TheoryData<string> NotJson => ["", " ", "1", "\"x\"", "null", "NaN", "{\"a\":NaN}", "{", "{}{}", "{\"a\":1,\"a\":2}", "[1,]", "<h1>hi</h1>", "{\"a\":\"\\ud800\"}", new string('[', 100_000) + new string(']', 100_000)];

    [Theory]
    [InlineData("{\"b\" : 4.0, \"a\":[1e3]}")]
    [InlineData("[{\"x\":1}]")]
    public async Task Send_GoodAnswer_ComesBackByteForByte(string answer)
    {
        Both(() => ScriptedCaller.Whole(200, answer));
        using var response = await SendAsync();
        Assert.Equal((PluginOutcome.Ok, answer), (response.Outcome, Encoding.UTF8.GetString(response.Body.Span)));
        Assert.Null(response.Problem);
        var call = Assert.Single(Instances.Calls);
        Assert.Equal("/predict", call.Path);
        Assert.StartsWith("{\"props\":{\"now\":", call.Body, StringComparison.Ordinal);
        Assert.EndsWith("\"x\":1.0}}", call.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_UnknownPlugin_IsSaidSo()
    {
        using var response = await Client.SendAsync("nobody\n", Body(), null, Token);
        Assert.Equal(PluginOutcome.UnknownPlugin, response.Outcome);
        Assert.DoesNotContain('\n', response.Problem!.Detail);
        Assert.Empty(Instances.Calls);
    }

    [Fact]
    [Trait("Fault", "70")]
    public async Task Send_BodyWithProblems_ListsThemAndCallsNoInstance()
    {
        World.Publish(RouteAvailability.Serving, World.MakeTarget(1, RoutingWorld.MakeEndpoint("/predict", "user_created")));
        using var response = await SendAsync();
        Assert.Equal(PluginOutcome.InvalidRequest, response.Outcome);
        Assert.Contains(response.Problem!.Problems, p => p.Input == "user_created");
        Assert.Empty(Instances.Calls);
    }

    [Fact]
    [Trait("Fault", "70")]
    public async Task Send_BodyTooLarge_IsRefusedUnread()
    {
        using var response = await Client.SendAsync("churn", new byte[1024 * 1024 + 1], null, Token);
        Assert.Equal(PluginOutcome.RequestTooLarge, response.Outcome);
        Assert.Empty(Instances.Calls);
    }

    [Theory]
    [MemberData(nameof(NotJson))]
    [Trait("Fault", "37")]
    public async Task Send_AnswerIsNoJsonObjectOrArray_IsThePluginsErrorWithThePlace(string answer)
    {
        Both(() => ScriptedCaller.Whole(200, answer));
        using var response = await SendAsync();
        Assert.Equal((PluginOutcome.PluginError, "not-json", 200), (response.Outcome, response.Problem!.Reason, response.PluginStatusCode));
        Assert.Contains("not a JSON object or array", response.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("line ", response.Problem.Detail, StringComparison.Ordinal);
        Assert.True(response.Body.IsEmpty);
        Assert.Single(Instances.Calls);
    }

    [Fact]
    [Trait("Fault", "37")]
    public async Task Send_AnswerInUtf16OrBrokenUtf8_IsThePluginsError()
    {
        foreach (var bytes in new byte[][] { Encoding.Unicode.GetBytes("{}"), [0xff, 0xfe, .. Encoding.Unicode.GetBytes("{}")], [(byte)'"', 0xc3, 0x28, (byte)'"'], [.. "{\"a\":\""u8, 0xff, .. "\"}"u8] })
        {
            Both(() => ScriptedCaller.Whole(200, bytes));
            using var response = await SendAsync();
            Assert.Equal("not-json", response.Problem?.Reason);
        }
    }

    [Theory]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(101)]
    [Trait("Fault", "39")]
    public async Task Send_AnyCodeBut200_IsThePluginsErrorAndItsBodyGoesToTheLogOnly(int code)
    {
        Both(() => ScriptedCaller.Whole(code, "secret\u001b[31m" + new string('x', 10_000)));
        using var response = await SendAsync(new PluginCallContext { TraceId = "trace-7" });
        Assert.Equal((PluginOutcome.PluginError, "status", code), (response.Outcome, response.Problem!.Reason, response.PluginStatusCode));
        Assert.True(response.Body.IsEmpty);
        Assert.DoesNotContain("secret", response.Problem.ToString(), StringComparison.Ordinal);
        var (level, id, text) = Assert.Single(Log.Events);
        Assert.Equal((LogLevel.Warning, 1200), (level, id));
        Assert.Contains("secret\\u001b[31m", text, StringComparison.Ordinal);
        Assert.Contains("trace-7", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1000, 3000);
    }

    [Fact]
    public async Task Invoke_GoodAnswer_IsRead()
    {
        var answer = await Client.InvokeAsync("churn", new JsonObject { ["x"] = 1 }, cancellationToken: Token);
        Assert.Equal(0.5, answer.GetProperty("risk").GetDouble());
    }

    [Fact]
    public async Task Invoke_NoAnswer_ThrowsWithEverything()
    {
        Both(() => ScriptedCaller.Whole(500, "x"));
        var error = await Assert.ThrowsAsync<PluginCallException>(() => Client.InvokeAsync("churn", [], cancellationToken: Token));
        Assert.Equal((PluginOutcome.PluginError, 500), (error.Outcome, error.PluginStatusCode));
        Assert.Contains("churn", error.Message, StringComparison.Ordinal);
        Assert.Contains("500", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outcomes_EachHasAStatusCodeAndAnOwnName()
    {
        var all = Enum.GetValues<PluginOutcome>();
        Assert.Equal([200, 400, 413, 404, 429, 503, 502, 504, 499], all.Select(o => o.ToStatusCode()));
        Assert.Equal(all.Length, all.Select(o => o.ToSlug()).Distinct().Count());
    }
}
