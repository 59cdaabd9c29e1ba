using Microsoft.Extensions.Logging.Abstractions;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Docker.Watching;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>An engine that loses those who follow a container's output, as it does where it begins a new file before they have read the old one.</summary>
public sealed class LastWordsTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static readonly string Id = new('c', 64);
    private static readonly string Known = $$$"""{"Id":"{{{Id}}}","Config":{"Tty":false},"State":{"Running":false,"ExitCode":3}}""";
    private static readonly string Missing = Answer(404, "application/json", """{"message":"No such container"}""");

    [Theory]
    [InlineData(false, "first\nlast words")]
    [InlineData(true, "first")]
    [Trait("Fault", "29")]
    public async Task Exited_TheEngineLostTheFollower_HasTheLastWordsWhereTheyCanBeHad(bool gone, string words)
    {
        var (followed, removed) = (0, false);
        await using var engine = new ScriptedServer(c =>
        {
            var line = c.Request.Split('\n')[0];
            bool Asks(string what) => line.Contains(what, StringComparison.OrdinalIgnoreCase);
            return c.SendAsync(
                Asks("follow=1") || Asks("follow=true") ? (Interlocked.Increment(ref followed) == 1 ? Output("first\n") : Missing)
                : Asks("/logs?") && !Volatile.Read(ref removed) ? Output("first\nlast words\n")
                : Asks("/json") && !Volatile.Read(ref removed) ? Answer(200, "application/json", Known)
                : Missing);
        });
        using var client = Client(engine);
        var instance = Instance(client, TimeSpan.FromSeconds(5));

        instance.Follow();
        await Waiting.UntilAsync(() => instance.ReadOutputTail() == "first", "what the follower got", TestContext.Current.CancellationToken);
        Volatile.Write(ref removed, gone);
        instance.End(new ContainerEnd(3));
        var exit = await instance.Exited.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((3, words), (exit.ExitCode, exit.OutputTail));
    }

    [Fact]
    [Trait("Fault", "29")]
    public async Task ReadOutputTail_TheEngineLostTheFollowerOfAFlood_IsTheEndOfItSoonAfter()
    {
        var followed = 0;
        await using var engine = new ScriptedServer(async c =>
        {
            if (!c.Request.Contains("follow=1", StringComparison.Ordinal))
            {
                await c.SendAsync(c.Request.Contains("/logs?", StringComparison.Ordinal) ? Output("last words\n") : Answer(200, "application/json", Known));
                return;
            }

            await c.SendAsync(Head);
            await c.SendAsync(Interlocked.Increment(ref followed) == 1 ? string.Concat(Enumerable.Repeat(Chunk(new string('x', 99) + "\n"), 1000)) : Chunk("last words\n"));
            await c.StaySilentAsync();
        });
        using var client = Client(engine);
        var instance = Instance(client, TimeSpan.FromMilliseconds(50));

        instance.Follow();
        await Waiting.UntilAsync(() => instance.ReadOutputTail() == "last words", "the last words", TestContext.Current.CancellationToken);
        await instance.LetGoAsync();

        Assert.Equal(2, followed);
    }

    private static EngineClient Client(ScriptedServer engine) => new(new DockerHostOptions { Endpoint = $"tcp://127.0.0.1:{engine.Port}" }, TimeProvider.System);

    private static DockerInstance Instance(EngineClient client, TimeSpan reconnectEvery)
    {
        var options = new DockerHostOptions { ReconnectEvery = reconnectEvery };
        var watcher = new EngineWatcher(client, options, TimeProvider.System, NullLogger.Instance, "run");
        var owner = new DockerInstanceOwner(options, TimeProvider.System, NullLogger.Instance, client, new ContainerCalls(client), watcher, _ => { });
        var labels = new ContainerLabels("owner", "run", PluginName.Parse("dummy"), "revision", new InstanceId("dummy-1"), 5000, "/folder");
        return new DockerInstance(labels, Id, new InstanceAddress("127.0.0.1", 1), owner);
    }

    /// <summary>One frame of standard output, as the engine sends it.</summary>
    private static string Chunk(string text) => $"{text.Length + 8:x}\r\n\u0001\0\0\0\0\0\0{(char)text.Length}{text}\r\n";

    private static string Output(string text) => $"{Head}{Chunk(text)}0\r\n\r\n";

    private static string Answer(int code, string type, string body)
        => $"HTTP/1.1 {code} X\r\nContent-Type: {type}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
