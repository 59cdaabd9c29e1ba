using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Requests;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Bodies that are huge, slow, cut off or oddly framed, over raw sockets.</summary>
public sealed class CallerBodyTests
{
    private const int Limit = 1024 * 1024;
    private const string Head = "POST /plugins/churn HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Fault", "70")]
    public async Task Body_AnnouncedTooLarge_Is413BeforeAByteOfItIsRead()
    {
        await using var host = await WebHost.StartAsync();
        var answer = await RawClient.AskAsync(host.Port, Head + $"Content-Length: {Limit + 1}\r\n\r\n", Token);
        AssertProblem(answer, 413, "request-too-large");
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Empty(host.Plugins.Requests);
    }

    [Fact]
    [Trait("Fault", "70")]
    public async Task Body_StreamedTooLarge_Is413()
    {
        await using var host = await WebHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.Port, Token);
        await client.SendAsync(Head + "Transfer-Encoding: chunked\r\n\r\n", Token);
        var chunk = "10000\r\n" + new string(' ', 0x10000) + "\r\n";
        for (var i = 0; i < 17; i++)
        {
            await client.SendAsync(chunk, Token);
        }

        AssertProblem(await client.ReadAnswerAsync(Token), 413, "request-too-large");
        Assert.Empty(host.Plugins.Requests);
    }

    [Theory]
    [InlineData(Limit)]
    [InlineData(0)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(65536)]
    public async Task Body_UpToTheLimit_ArrivesWhole(int size)
    {
        await using var host = await WebHost.StartAsync();
        var body = string.Concat(Enumerable.Range(0, size / 8 + 1).Select(i => i.ToString("x8", CultureInfo.InvariantCulture)))[..size];
        var announced = await RawClient.AskAsync(host.Port, Head + $"Connection: close\r\nContent-Length: {size}\r\n\r\n{body}", Token);
        var chunks = size == 0 ? "" : $"{size:x}\r\n{body}\r\n";
        var streamed = await RawClient.AskAsync(host.Port, Head + $"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n", Token);
        Assert.StartsWith("HTTP/1.1 200", announced, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", streamed, StringComparison.Ordinal);
        Assert.All(host.Plugins.Requests, r => Assert.Equal(body, r.Body));
        Assert.Equal(2, host.Plugins.Requests.Count);
    }

    [Fact]
    public async Task Body_OwnLimitAboveTheServers_CountsOurs()
    {
        await using var host = await WebHost.StartAsync(
            services: static s => s.AddSingleton(Options.Create(new RequestOptions { MaxBodyBytes = 3000 })), kestrel: static k => k.Limits.MaxRequestBodySize = 1000);
        var good = await RawClient.AskAsync(host.Port, Head + $"Connection: close\r\nContent-Length: 3000\r\n\r\n{new string(' ', 3000)}", Token);
        Assert.StartsWith("HTTP/1.1 200", good, StringComparison.Ordinal);
        AssertProblem(await RawClient.AskAsync(host.Port, Head + "Content-Length: 3001\r\n\r\n", Token), 413, "request-too-large");
    }

    [Fact]
    [Trait("Fault", "70")]
    public async Task Body_NeverComesWhole_Is408AfterItsTime()
    {
        var time = new FakeTimeProvider();
        await using var host = await WebHost.StartAsync(services: s => s.AddSingleton<TimeProvider>(time), kestrel: static k => k.Limits.MinRequestBodyDataRate = null);
        using var client = await RawClient.ConnectAsync(host.Port, Token);
        await client.SendAsync(Head + "Content-Length: 12\r\n\r\n{\"pro", Token);
        var answer = client.ReadAnswerAsync(Token);
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(answer, Task.Delay(5, Token));
        }

        AssertProblem(await answer, 408, "request-too-slow");
        Assert.Empty(host.Plugins.Requests);
    }

    [Fact]
    [Trait("Fault", "70")]
    public async Task Body_TricklesBelowTheServersLeastRate_Is408()
    {
        await using var host = await WebHost.StartAsync(kestrel: static k => k.Limits.MinRequestBodyDataRate = new MinDataRate(1_000_000, TimeSpan.FromSeconds(1.1)));
        using var client = await RawClient.ConnectAsync(host.Port, Token);
        await client.SendAsync(Head + "Content-Length: 12\r\n\r\n{", Token);
        AssertProblem(await client.ReadAnswerAsync(Token), 408, "request-too-slow");
        Assert.Empty(host.Plugins.Requests);
    }

    [Fact]
    [Trait("Fault", "70")]
    public async Task Body_BrokenChunks_Is400()
    {
        await using var host = await WebHost.StartAsync();
        AssertProblem(await RawClient.AskAsync(host.Port, Head + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n", Token), 400, "malformed-request");
        Assert.Empty(host.Plugins.Requests);
    }

    [Theory]
    [InlineData("{\"pro")]
    [InlineData("")]
    [Trait("Fault", "71")]
    public async Task Caller_GoesAwayWithinItsBody_NoPluginIsCalledAndTheHostGoesOn(string part)
    {
        await using var host = await WebHost.StartAsync();
        using (var client = await RawClient.ConnectAsync(host.Port, Token))
        {
            await client.SendAsync(Head + "Content-Length: 12\r\n\r\n" + part, Token);
            client.Reset();
        }

        var next = await RawClient.AskAsync(host.Port, Head + "Connection: close\r\nContent-Length: 12\r\n\r\n{\"props\":{}}", Token);
        Assert.StartsWith("HTTP/1.1 200", next, StringComparison.Ordinal);
        Assert.Single(host.Plugins.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Fault", "71")]
    public async Task Caller_GoesAwayWhileThePluginWorks_TheCallIsCancelled(bool reset)
    {
        await using var host = await WebHost.StartAsync();
        var (called, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Plugins.Answer = async token =>
        {
            using var registration = token.Register(cancelled.SetResult);
            called.SetResult();
            await cancelled.Task;
            return FakePluginClient.Bad(PluginOutcome.Cancelled);
        };
        using (var client = await RawClient.ConnectAsync(host.Port, Token))
        {
            await client.SendAsync(Head + "Content-Length: 12\r\n\r\n{\"props\":{}}", Token);
            await called.Task.WaitAsync(Token);
            if (reset)
            {
                client.Reset();
            }
        }

        await cancelled.Task.WaitAsync(Token);
    }

    [Fact]
    [Trait("Fault", "71")]
    public async Task Caller_GoesAwayBeforeTheAnswerIsRead_TheHostGoesOn()
    {
        await using var host = await WebHost.StartAsync();
        var asked = 0;
        host.Plugins.Answer = _ =>
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult(FakePluginClient.Good("\"" + new string('x', 8_000_000) + "\""));
        };
        for (var i = 0; i < 10; i++)
        {
            using var client = await RawClient.ConnectAsync(host.Port, Token);
            await client.SendAsync(Head + "Content-Length: 12\r\n\r\n{\"props\":{}}", Token);
            var seen = i + 1;
            await Waiting.UntilAsync(() => Volatile.Read(ref asked) == seen, "the plugin to be asked", Token);
            client.Reset();
        }

        host.Plugins.Answer = _ => Task.FromResult(FakePluginClient.Good("{}"));
        Assert.StartsWith("HTTP/1.1 200", await RawClient.AskAsync(host.Port, Head + "Connection: close\r\nContent-Length: 12\r\n\r\n{\"props\":{}}", Token), StringComparison.Ordinal);
    }

    private static void AssertProblem(string answer, int status, string slug)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Equal("urn:stormly-deploy:problem:" + slug, JsonElement.Parse(body).GetProperty("type").GetString());
        Assert.Contains("Content-Type: application/problem+json", answer, StringComparison.Ordinal);
    }
}
