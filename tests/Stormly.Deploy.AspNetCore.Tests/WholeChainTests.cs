using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Callers, the web front, routing, the control plane and servers on loopback, all together.</summary>
public sealed class WholeChainTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stormly-web-").FullName;
    private readonly LoopbackHost _backend = new();
    private WebApplication? _app;
    private HttpClient? _http;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HttpClient Http => _http!;

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Fault", "42")]
    [Trait("Fault", "69")]
    [Trait("Fault", "72")]
    public async Task Request_GoesInAsBodyAloneAndComesOutAsBodyAlone()
    {
        _backend.OnRequest = static (_, c) => c.SendAsync(
            "HTTP/1.1 200 OK\r\nSet-Cookie: s=1\r\nX-Plugin: y\r\nLocation: /evil\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n{\"n\":777}");
        await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/plugins/churn?x=/../admin", UriKind.Relative)) { Content = Body() };
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");
        request.Headers.Add("Cookie", "secret=1");
        request.Headers.Add("Authorization", "Bearer secret");
        using var response = await Http.SendAsync(request, Token);
        Assert.Equal((HttpStatusCode.OK, "{\"n\":777}"), (response.StatusCode, await response.Content.ReadAsStringAsync(Token)));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.False(response.Headers.Contains("Set-Cookie") || response.Headers.Contains("X-Plugin") || response.Headers.Contains("Location"));
        var sent = Assert.Single(_backend.Started.Single().Requests);
        Assert.StartsWith("POST /predict HTTP/1.1\r\n", sent, StringComparison.Ordinal);
        foreach (var word in new[] { "evil", "6.6.6.6", "secret" })
        {
            Assert.DoesNotContain(word, sent, StringComparison.OrdinalIgnoreCase);
        }

        Assert.StartsWith("{\"props\":{\"now\":", sent[(sent.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "37")]
    [Trait("Fault", "39")]
    public async Task Request_PluginFails_Is502WithoutItsBody()
    {
        _backend.OnRequest = static (_, c) => c.SendAsync("HTTP/1.1 500 Oops\r\nContent-Length: 17\r\n\r\nTraceback: secret");
        await StartAsync();
        using var response = await PostAsync();
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal(502, (int)response.StatusCode);
        Assert.Equal(500, JsonElement.Parse(text).GetProperty("pluginStatus").GetInt32());
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "31")]
    public async Task Request_PluginIsSilent_Is504()
    {
        _backend.OnRequest = static (_, c) => c.StaySilentAsync();
        await StartAsync(configure: static o => o.Routing.RequestTimeout = TimeSpan.FromMilliseconds(300));
        using var response = await PostAsync();
        Assert.Equal(504, (int)response.StatusCode);
    }

    [Fact]
    [Trait("Fault", "73")]
    public async Task Request_MoreThanInstanceAndQueueTake_Is429WithATimeAndTheRestIsServed()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _backend.OnRequest = async (_, c) =>
        {
            await answer.Task.WaitAsync(c.Ended);
            await c.SendAsync(ScriptedServer.GoodAnswer);
        };
        await StartAsync(configure: static o => (o.Routing.MaxRequestsPerInstance, o.Routing.QueueLength, o.Routing.QueueTimeout) = (2, 3, TimeSpan.FromMinutes(5)));
        var sending = Enumerable.Range(0, 20).Select(_ => PostAsync()).ToList();
        await Waiting.UntilAsync(() => sending.Count(s => s.IsCompleted) == 15, "those who find the queue full to be told", Token);
        foreach (var refused in sending.Where(s => s.IsCompleted))
        {
            Assert.Equal(429, (int)(await refused).StatusCode);
            Assert.True((await refused).Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        }

        answer.SetResult();
        var codes = (await Task.WhenAll(sending)).Select(r => (int)r.StatusCode).ToList();
        Assert.Equal((5, 15), (codes.Count(c => c == 200), codes.Count(c => c == 429)));
    }

    [Fact]
    [Trait("Fault", "71")]
    public async Task Request_CallerGoesAway_TheInstanceIsLetGoAndFreeAgain()
    {
        var (asked, dropped) = (new TaskCompletionSource(), new TaskCompletionSource());
        _backend.OnRequest = async (_, c) =>
        {
            asked.TrySetResult();
            await c.StaySilentAsync();
            dropped.TrySetResult();
        };
        await StartAsync(configure: static o => (o.Routing.MaxRequestsPerInstance, o.Routing.QueueLength) = (1, 0));
        using (var caller = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            var sending = Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), Body(), caller.Token);
            await asked.Task.WaitAsync(Token);
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }

        await dropped.Task.WaitAsync(Token);
        _backend.OnRequest = static (_, c) => c.SendAsync(ScriptedServer.GoodAnswer);
        await Waiting.UntilAsync(() => Snapshot().Instances.Single().InFlight == 0, "the slot to be free", Token);
        using var next = await PostAsync();
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Single(_backend.Started);
    }

    [Fact]
    [Trait("Fault", "15")]
    [Trait("Fault", "16")]
    public async Task Kill_OneOfThreeUnderLoad_OnlyRequestsUnderWayOnItFailAndASubstituteComes()
    {
        await StartAsync(instances: 3);
        var seen = new ConcurrentQueue<int>();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => CallUntilAsync(seen, stop.Token), Token)).ToList();
        await Waiting.UntilAsync(() => seen.Count > 100, "load", Token);
        await _backend.Started[0].KillAsync();
        await Waiting.UntilAsync(() => _backend.Started.Count == 4 && Snapshot().ReadyInstances == 3, "the substitute", Token);
        var before = seen.Count;
        await Waiting.UntilAsync(() => seen.Count > before + 100, "load", Token);
        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.All(seen.Where(c => c != 200), c => Assert.Equal(502, c));
        Assert.InRange(seen.Count(c => c == 502), 0, 8);
        Assert.NotEmpty(_backend.Started[3].Requests);
    }

    [Fact]
    [Trait("Fault", "76")]
    public async Task Redeploy_UnderLoad_LosesNoRequest()
    {
        await StartAsync(instances: 2);
        var seen = new ConcurrentQueue<int>();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => CallUntilAsync(seen, stop.Token), Token)).ToList();
        for (var revision = 2; revision <= 6; revision++)
        {
            await DeployAsync(revision, 2);
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.All(seen, c => Assert.Equal(200, c));
        Assert.Equal(12, _backend.Started.Count);
    }

    [Theory]
    [InlineData(LastAnswerSource.StatusChecks, false)]
    [InlineData(LastAnswerSource.Requests, true)]
    public async Task Get_PluginWithoutExplain_ShowsARealAnswer_AndOneToARequestOnlyWhereThatIsAskedFor(LastAnswerSource source, bool shown)
    {
        const string Private = "{\"name\":\"Somebody\"}";
        _backend.OnRequest = static (_, c) => c.SendAsync(
            c.Request.Contains("\"x\":1.0", StringComparison.Ordinal) ? $"HTTP/1.1 200 OK\r\nContent-Length: {Private.Length}\r\n\r\n{Private}" : ScriptedServer.GoodAnswer);
        await StartAsync(configure: o => (o.Requests.LastAnswer, o.StatusCheck.Interval) = (source, TimeSpan.FromHours(1)));
        var first = await Http.GetStringAsync(new Uri("/plugins/churn/openapi.json", UriKind.Relative), Token);
        Assert.Contains("\"lastAnswer\"", first, StringComparison.Ordinal);
        using (var response = await PostAsync())
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        foreach (var document in new[] { "explain.json", "openapi.json" })
        {
            var text = await Http.GetStringAsync(new Uri($"/plugins/churn/{document}", UriKind.Relative), Token);
            Assert.Equal(shown, text.Contains("Somebody", StringComparison.Ordinal));
        }

        Assert.Equal(shown, (await Http.GetStringAsync(new Uri("/plugins/churn", UriKind.Relative), Token)).Contains("Somebody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Remove_ThePlugin_Is404()
    {
        await StartAsync();
        await _app!.Services.GetRequiredService<IPluginDeployments>().RemoveAsync("churn", Token);
        using var response = await PostAsync();
        Assert.Equal(404, (int)response.StatusCode);
    }

    private static StringContent Body() => new("{\"props\":{\"x\":1.0}}", Encoding.UTF8, "application/json");

    private async Task StartAsync(int instances = 1, Action<PluginDeploymentOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static o => o.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IInstanceHost>(_backend);
        builder.Services.AddPluginDeployment(o =>
        {
            o.StateFolder = Path.Combine(_folder, "state");
            configure?.Invoke(o);
        });
        _app = builder.Build();
        _app.MapPlugins("/plugins");
        await _app.StartAsync(Token);
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address) };
        await DeployAsync(1, instances);
    }

    private async Task DeployAsync(int revision, int instances)
    {
        var files = Directory.CreateDirectory(Path.Combine(_folder, "plugin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "model.json"), "{}", Token);
        var results = $$$"""
            {"status":{"code":"success"},"http":{"port":5000,"statusPath":"/status_check","requestPath":"/predict","startServerCmd":"serve","options":{"revision":{{{revision}}} } } }
            """;
        await _app!.Services.GetRequiredService<IPluginDeployments>().DeployAsync(
            new PluginSource
            {
                Name = PluginName.Parse("churn"),
                Folder = files,
                Results = [new StageFile("initial", "results.json", Encoding.UTF8.GetBytes(results))],
                Manifest = static _ => new("{\"stage\":\"initial\",\"metadata\":{\"features\":{}}}"u8.ToArray()),
                Instances = instances,
            },
            Token);
    }

    private DeploymentSnapshot Snapshot() => _app!.Services.GetRequiredService<IPluginDeployments>().Get("churn")!;

    private Task<HttpResponseMessage> PostAsync() => Http.PostAsync(new Uri("/plugins/churn", UriKind.Relative), Body(), Token);

    private async Task CallUntilAsync(ConcurrentQueue<int> seen, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var response = await PostAsync();
            seen.Enqueue((int)response.StatusCode);
        }
    }
}
