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
        var options = new DockerHostOptions { Endpoint = $"tcp://127.0.0.1:{engine.Port}", Image = "any" };
        using var client = new EngineClient(options, TimeProvider.System);
        var watcher = new EngineWatcher(client, options, TimeProvider.System, NullLogger.Instance, "run");
        var owner = new DockerInstanceOwner(options, TimeProvider.System, NullLogger.Instance, client, new ContainerCalls(client), watcher, _ => { });
        var labels = new ContainerLabels("owner", "run", PluginName.Parse("dummy"), "revision", new InstanceId("dummy-1"), 5000, "/folder");
        var instance = new DockerInstance(labels, Id, new InstanceAddress("127.0.0.1", 1), owner);

        instance.Follow();
        await Waiting.UntilAsync(() => instance.ReadOutputTail() == "first", "what the follower got", TestContext.Current.CancellationToken);
        Volatile.Write(ref removed, gone);
        instance.End(new ContainerEnd(3));
        var exit = await instance.Exited.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((3, words), (exit.ExitCode, exit.OutputTail));
    }

    /// <summary>One frame of standard output, as the engine sends it.</summary>
    private static string Output(string text)
        => $"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{text.Length + 8:x}\r\n\u0001\0\0\0\0\0\0{(char)text.Length}{text}\r\n0\r\n\r\n";

    private static string Answer(int code, string type, string body)
        => $"HTTP/1.1 {code} X\r\nContent-Type: {type}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
