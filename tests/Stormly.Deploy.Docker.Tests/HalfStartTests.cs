using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Testing;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>An engine that answers up to the middle of a start.</summary>
public sealed class HalfStartTests
{
    private static readonly string Id = new('c', 64);

    [Fact]
    public async Task StartAsync_EngineFailsAfterTheStart_NothingGoesOnAskingForTheContainer()
    {
        var looks = 0;
        await using var engine = new ScriptedServer(c => c.SendAsync(Answer(c.Request, () => Interlocked.Increment(ref looks))));
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var host = new DockerInstanceHost(Options.Create(new DockerHostOptions { Endpoint = $"tcp://127.0.0.1:{engine.Port}", Image = "any" }), clock);
        await using var sandbox = Sandbox.Make(TestEngine.Client, null);

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => host.StartAsync(sandbox.Spec(Sandbox.Serve), TestEngine.Token));
        var before = Asked(engine, Id);
        await clock.PassAsync(TimeSpan.FromMinutes(5), cancellationToken: TestEngine.Token);

        Assert.Contains("out of order", error.Reason, StringComparison.Ordinal);
        Assert.Equal(1, Asked(engine, "DELETE "));
        Assert.Equal(before, Asked(engine, Id));
    }

    private static int Asked(ScriptedServer engine, string what) => engine.Requests.Count(r => r.Split('\n')[0].Contains(what, StringComparison.Ordinal));

    private static string Answer(string request, Func<int> look)
    {
        var line = request.Split('\n')[0];
        bool Asks(string what) => line.Contains(what, StringComparison.Ordinal);
        return Asks("/_ping") ? Text(200, "OK")
            : Asks("/images/any/json") ? Text(200, """{"Id":"sha256:aa"}""")
            : Asks("/info") ? Text(200, """{"SystemTime":"2026-01-01T00:00:00Z","SecurityOptions":[]}""")
            : Asks("/containers/create") ? Text(201, $$"""{"Id":"{{Id}}","Warnings":[]}""")
            : Asks("/start") || Asks("DELETE ") ? "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
            : Asks("/containers/json") ? Text(200, "[]")
            : Asks($"/containers/{Id}/json") && look() == 1 ? Text(200, $$$"""{"Id":"{{{Id}}}","State":{"Running":true,"Pid":1}}""")
            : Text(500, """{"message":"out of order"}""");
    }

    private static string Text(int code, string body)
        => $"HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
