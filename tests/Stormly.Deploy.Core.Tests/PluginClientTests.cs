using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy;

public sealed class PluginClientTests : IDisposable
{
    private readonly RoutingWorld _world = new(o => o.IdempotentPlugins.Add("twice"));
    private readonly ScriptedCaller _instances = new();
    private readonly KeptLog<PluginClient> _log = new();
    private readonly PluginClient _client;
    private readonly RouteTarget _one;
    private readonly RouteTarget _two;

    public PluginClientTests()
    {
        _client = new PluginClient(
            _world.Table, _world.Router, _instances, Options.Create(_world.Options), Options.Create(new RequestOptions()), _world.Time, _world.Metrics, _log);
        (_one, _two) = (_world.MakeTarget(1), _world.MakeTarget(2));
        _world.Publish(RouteAvailability.Serving, _one, _two);
        _instances.Answer(1, () => ScriptedCaller.Whole(200, """{"risk":0.5}"""));
        _instances.Answer(2, () => ScriptedCaller.Whole(200, """{"risk":0.5}"""));
    }

    public static TheoryData<string> NotJson => ["", " ", "1", "\"x\"", "null", "NaN", "{\"a\":NaN}", "{", "{}{}", "{\"a\":1,\"a\":2}", "[1,]", "<h1>hi</h1>", "{\"a\":\"\\ud800\"}", new string('[', 100_000) + new string(']', 100_000)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Assert.Equal((0, 0), (_one.InFlight, _two.InFlight)); // whatever happened, no lease is left
        _world.Dispose();
    }

    [Theory]
    [InlineData("{\"b\" : 4.0, \"a\":[1e3]}")]
    [InlineData("[{\"x\":1}]")]
    public async Task Send_GoodAnswer_ComesBackByteForByte(string answer)
    {
        Both(() => ScriptedCaller.Whole(200, answer));
        using var response = await SendAsync();
        Assert.Equal((PluginOutcome.Ok, answer), (response.Outcome, Encoding.UTF8.GetString(response.Body.Span)));
        Assert.Null(response.Problem);
        var call = Assert.Single(_instances.Calls);
        Assert.Equal("/predict", call.Path);
        Assert.StartsWith("{\"props\":{\"now\":", call.Body, StringComparison.Ordinal);
        Assert.EndsWith("\"x\":1.0}}", call.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_UnknownPlugin_IsSaidSo()
    {
        using var response = await _client.SendAsync("nobody\n", Body(), null, Token);
        Assert.Equal(PluginOutcome.UnknownPlugin, response.Outcome);
        Assert.DoesNotContain('\n', response.Problem!.Detail);
        Assert.Empty(_instances.Calls);
    }

    [Fact]
    [Trait("Fault", "70")]
    public async Task Send_BodyWithProblems_ListsThemAndCallsNoInstance()
    {
        _world.Publish(RouteAvailability.Serving, _world.MakeTarget(1, RoutingWorld.MakeEndpoint("/predict", "user_created")));
        using var response = await SendAsync();
        Assert.Equal(PluginOutcome.InvalidRequest, response.Outcome);
        Assert.Contains(response.Problem!.Problems, p => p.Input == "user_created");
        Assert.Empty(_instances.Calls);
    }

    [Fact]
    [Trait("Fault", "70")]
    public async Task Send_BodyTooLarge_IsRefusedUnread()
    {
        using var response = await _client.SendAsync("churn", new byte[1024 * 1024 + 1], null, Token);
        Assert.Equal(PluginOutcome.RequestTooLarge, response.Outcome);
        Assert.Empty(_instances.Calls);
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
        Assert.Single(_instances.Calls);
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
        var (level, id, text) = Assert.Single(_log.Events);
        Assert.Equal((LogLevel.Warning, 1200), (level, id));
        Assert.Contains("secret\\u001b[31m", text, StringComparison.Ordinal);
        Assert.Contains("trace-7", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1000, 3000);
    }

    [Fact]
    [Trait("Fault", "32")]
    public async Task Send_InstanceRefusesTheConnection_AnotherOneAnswersAndTheFirstIsReported()
    {
        _instances.Answer(1, () => CallOutcome.Failed(CallResult.NotConnected, "refused"));
        for (var i = 0; i < 20; i++)
        {
            using var response = await SendAsync();
            Assert.Equal(PluginOutcome.Ok, response.Outcome);
            Assert.Equal(_two.Instance, response.Instance);
        }

        Assert.Equal(20, _instances.Calls.Count(c => c.Port == 2));
        Assert.Contains(_world.ReadSignals(), s => s.Kind == RouteSignalKind.ConnectionTrouble && s.Instance == _one.Instance);
    }

    [Fact]
    [Trait("Fault", "32")]
    public async Task Send_EveryInstanceRefuses_EachIsTriedOnceAndTheAnswerIsTheError()
    {
        Both(() => CallOutcome.Failed(CallResult.NotConnected, "refused"));
        var sending = SendAsync().AsTask();
        await TestSupport.Waiting.UntilAsync(() => _instances.Calls.Count == 2, "both to be tried", Token);
        while (!sending.IsCompleted)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        using var response = await sending;
        Assert.Equal((PluginOutcome.PluginError, "not-connected"), (response.Outcome, response.Problem!.Reason));
        Assert.Equal([1, 2], _instances.Calls.Select(c => c.Port).Order());
    }

    [Fact]
    public async Task Send_ManyInstancesRefuse_AtMostTwoOthersAreTried()
    {
        var targets = Enumerable.Range(1, 6).Select(p => _world.MakeTarget(p)).ToArray();
        _world.Publish(RouteAvailability.Serving, [.. targets]);
        foreach (var target in targets)
        {
            _instances.Answer(target.Address.Port, () => CallOutcome.Failed(CallResult.NotConnected, "refused"));
        }

        using var response = await SendAsync();
        Assert.Equal(PluginOutcome.PluginError, response.Outcome);
        Assert.Equal(3, _instances.Calls.Select(c => c.Port).Distinct().Count());
        Assert.Equal(3, _instances.Calls.Count);
    }

    [Theory]
    [InlineData(nameof(CallResult.ConnectionLost), PluginOutcome.PluginError, "connection-lost")]
    [InlineData(nameof(CallResult.NotHttp), PluginOutcome.PluginError, "not-http")]
    [InlineData(nameof(CallResult.TooLarge), PluginOutcome.PluginError, "too-large")]
    [InlineData(nameof(CallResult.TimedOut), PluginOutcome.Timeout, null)]
    [Trait("Fault", "16")]
    [Trait("Fault", "31")]
    [Trait("Fault", "34")]
    [Trait("Fault", "36")]
    public async Task Send_SomethingWasSent_IsNeverRepeated(string result, PluginOutcome outcome, string? reason)
    {
        Both(() => CallOutcome.Failed(Enum.Parse<CallResult>(result), "seen"));
        using var response = await SendAsync();
        Assert.Equal((outcome, reason), (response.Outcome, response.Problem!.Reason));
        Assert.Null(response.PluginStatusCode);
        Assert.Single(_instances.Calls);
        Assert.Equal(1, _one.ReadTraffic().Failures + _two.ReadTraffic().Failures);
        Assert.Contains(_world.ReadSignals(), s => s.Kind == RouteSignalKind.RequestFailed);
    }

    [Fact]
    public async Task Send_ConnectionLostOfAnIdempotentPlugin_IsRepeatedElsewhere()
    {
        _world.Table.Publish(new PluginRoute { Plugin = Model.PluginName.Parse("twice"), Targets = [_one, _two], Endpoint = _one.Endpoint, Availability = RouteAvailability.Serving });
        _instances.Answer(1, () => CallOutcome.Failed(CallResult.ConnectionLost, "cut"));
        for (var i = 0; i < 10; i++)
        {
            using var response = await _client.SendAsync("twice", Body(), null, Token);
            Assert.Equal(PluginOutcome.Ok, response.Outcome);
        }
    }

    [Fact]
    [Trait("Fault", "71")]
    public async Task Send_CallerGoesAway_SlotIsFreedAndNobodyIsBlamed()
    {
        using var caller = new CancellationTokenSource();
        foreach (var port in new[] { 1, 2 })
        {
            _instances.Answer(port, async cancelled =>
            {
                await caller.CancelAsync();
                Assert.True(cancelled.IsCancellationRequested);
                return CallOutcome.Failed(CallResult.Cancelled, "the caller gave up");
            });
        }

        using var response = await _client.SendAsync("churn", Body(), null, caller.Token);
        Assert.Equal(PluginOutcome.Cancelled, response.Outcome);
        Assert.Equal((0, 0), (_one.InFlight, _two.InFlight));
        Assert.Equal((0L, 0L), (_one.ReadTraffic().Failures, _two.ReadTraffic().Failures));
        Assert.Empty(_world.ReadSignals());
        Assert.Empty(_log.Events);
    }

    [Fact]
    [Trait("Fault", "21")]
    public async Task Send_NothingServes_IsUnavailableAtOnceWithATime()
    {
        _world.Publish(RouteAvailability.Unavailable);
        using var response = await SendAsync();
        Assert.Equal((PluginOutcome.Unavailable, TimeSpan.FromSeconds(7), "It is broken."), (response.Outcome, response.RetryAfter, response.Problem!.Detail));
    }

    [Fact]
    [Trait("Fault", "73")]
    public async Task Send_QueueFull_IsOverloadedWithATime()
    {
        (_world.Options.QueueLength, _world.Options.MaxRequestsPerInstance) = (0, 1);
        using var first = _world.Claim();
        using var second = _world.Claim();
        using var response = await SendAsync();
        Assert.Equal(PluginOutcome.Overloaded, response.Outcome);
        Assert.True(response.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Empty(_instances.Calls);
    }

    [Fact]
    [Trait("Fault", "76")]
    public async Task Send_InstanceOfAnotherRevision_GetsABodyAfterItsOwnContract()
    {
        var newer = _world.MakeTarget(2, RoutingWorld.MakeEndpoint("/v2", "user_created"));
        _world.Table.Publish(new PluginRoute { Plugin = RoutingWorld.Plugin, Targets = [newer], Endpoint = _one.Endpoint, Availability = RouteAvailability.Serving });
        using (var refused = await SendAsync())
        {
            Assert.Equal(PluginOutcome.InvalidRequest, refused.Outcome);
        }

        using var good = await _client.SendAsync("churn", "{\"props\":{\"user_created\":1}}"u8.ToArray(), null, Token);
        Assert.Equal(PluginOutcome.Ok, good.Outcome);
        Assert.Equal("/v2", Assert.Single(_instances.Calls).Path);
        Assert.Equal(0, newer.InFlight);
    }

    [Fact]
    [Trait("Fault", "22")]
    public async Task Send_PluginAnswers4xx_SaysNothingAboutTheInstance()
    {
        Both(() => ScriptedCaller.Whole(422, "{}"));
        using var response = await SendAsync();
        Assert.Equal(PluginOutcome.PluginError, response.Outcome);
        Assert.Equal((0L, 0L), (_one.ReadTraffic().Failures, _two.ReadTraffic().Failures));
    }

    [Fact]
    public async Task Invoke_GoodAnswer_IsRead()
    {
        var answer = await _client.InvokeAsync("churn", new JsonObject { ["x"] = 1 }, cancellationToken: Token);
        Assert.Equal(0.5, answer.GetProperty("risk").GetDouble());
    }

    [Fact]
    public async Task Invoke_NoAnswer_ThrowsWithEverything()
    {
        Both(() => ScriptedCaller.Whole(500, "x"));
        var error = await Assert.ThrowsAsync<PluginCallException>(() => _client.InvokeAsync("churn", [], cancellationToken: Token));
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

    private static ReadOnlyMemory<byte> Body() => "{\"props\":{\"x\":1.0}}"u8.ToArray();

    private void Both(Func<CallOutcome> answer)
    {
        _instances.Answer(1, answer);
        _instances.Answer(2, answer);
    }

    private ValueTask<PluginResponse> SendAsync(PluginCallContext? context = null) => _client.SendAsync("churn", Body(), context, Token);
}
