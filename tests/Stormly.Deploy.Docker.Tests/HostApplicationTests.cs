using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Records;
using Stormly.Deploy.EndToEnd.Harness;
using Stormly.Deploy.EndToEnd.Harness.Kinds;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker.Tests;

/// <summary>A whole host application under load, while the engine that its plugins run on is killed, started again, or not there at all.</summary>
public sealed class HostApplicationTests : IDisposable
{
    private const string Body = """{"props": {}}""";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string State => _folder.Sub("state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Fault", "57")]
    public async Task I_lose_nothing_while_an_engine_that_lets_containers_live_is_restarted()
    {
        await using var engine = await PrivateEngine.StartNewAsync(TestEngine.Flask, "--live-restore");
        await using var host = await StartAsync(engine);
        await host.DeployAsync("dummy", PythonServer.Write(_folder.Sub("plugin")), instances: 2, Token);
        var before = await ContainersAsync(engine);
        await using var clients = new Clients(4, token => host.PostAsync("dummy", Body, token));
        await clients.MoreAnswersAsync(50, Token);

        await engine.KillAsync();
        await clients.MoreAnswersAsync(200, Token);
        await engine.StartAsync();
        await clients.MoreAnswersAsync(200, Token);
        await clients.StopAsync();

        Assert.Empty(clients.Failures);
        Assert.Equal(before, await ContainersAsync(engine));
        await host.DisposeAsync();
        Assert.Empty(await ContainersAsync(engine));
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task I_am_served_again_after_an_engine_that_ends_its_containers_was_restarted()
    {
        await using var engine = await PrivateEngine.StartNewAsync(TestEngine.Flask);
        await using var host = await StartAsync(engine);
        var known = (await host.DeployAsync("dummy", PythonServer.Write(_folder.Sub("plugin")), instances: 2, Token)).Instances.Select(i => i.Id).ToHashSet();
        var before = await ContainersAsync(engine);
        await using var clients = new Clients(4, token => host.PostAsync("dummy", Body, token));
        await clients.MoreAnswersAsync(50, Token);

        await engine.KillAsync();
        await engine.StartAsync();
        await host.UntilAsync("dummy", s => s is { Phase: DeploymentPhase.Ready, Instances.Length: 2 } && s.Instances.All(i => !known.Contains(i.Id)), Token);
        await clients.MoreAnswersAsync(50, Token);
        await clients.StopAsync();

        // Nobody could answer in between: each caller was told at once, and none waited in vain.
        Assert.All(clients.Failures, f => Assert.True(f.Code is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable, $"{f.Code} {f.Body}"));
        var after = await ContainersAsync(engine);
        Assert.Equal(2, after.Count);
        Assert.Empty(after.Intersect(before));
        await host.DisposeAsync();
        Assert.Empty(await ContainersAsync(engine));
    }

    [Fact]
    [Trait("Fault", "57")]
    [Trait("Fault", "61")]
    public async Task I_can_start_my_application_while_the_engine_is_down_and_it_takes_its_containers_over_later()
    {
        await using var engine = await PrivateEngine.StartNewAsync(TestEngine.Flask, "--live-restore");
        string[] before;
        await using (var first = await StartAsync(engine, HostEndAction.KeepPlugins))
        {
            await first.DeployAsync("dummy", PythonServer.Write(_folder.Sub("plugin")), instances: 2, Token);
            before = [.. await ContainersAsync(engine)];
        }

        await engine.KillAsync();
        await using (var second = await StartAsync(engine, HostEndAction.KeepPlugins))
        {
            var away = await second.UntilAsync("dummy", s => s.Phase == DeploymentPhase.BackingOff, Token);
            Assert.Contains("the backend cannot be had", away.Reason, StringComparison.Ordinal);
            var refused = await second.PostAsync("dummy", Body, Token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Code);
            Assert.NotNull(refused.RetryAfter);

            await engine.StartAsync();
            await second.UntilAsync("dummy", s => s.Phase == DeploymentPhase.Ready, Token);
            await second.PredictAsync("dummy", Body, Token);
            Assert.Equal(before, await ContainersAsync(engine));
        }

        // The next one is not to keep them: what lived on is removed once the engine answers, and only then is anything started.
        await engine.KillAsync();
        await using var third = await StartAsync(engine);
        await third.UntilAsync("dummy", s => s.Phase == DeploymentPhase.BackingOff, Token);
        await engine.StartAsync();
        await third.UntilAsync("dummy", s => s.Phase == DeploymentPhase.Ready, Token);
        var after = await ContainersAsync(engine);
        Assert.Equal(2, after.Count);
        Assert.Empty(after.Intersect(before));
        await third.DisposeAsync();
        Assert.Empty(await ContainersAsync(engine));
    }

    /// <summary>Calls go to the containers' own addresses: ports that the engine publishes are served by the engine, and go with it.</summary>
    private Task<HostApplication> StartAsync(PrivateEngine engine, HostEndAction whenHostEnds = HostEndAction.EndPlugins) => HostApplication.StartAsync(
        State,
        Token,
        o =>
        {
            o.WhenHostEnds = whenHostEnds;
            o.Start.BackendPoll = TimeSpan.FromMilliseconds(500);
            o.Stop.Grace = TimeSpan.FromSeconds(2);
        },
        use: p => p.UseDocker(o =>
        {
            (o.Endpoint, o.Image, o.Pull, o.Reach) = (engine.Endpoint, TestEngine.Flask, DockerPullPolicy.Never, DockerReach.ContainerAddress);
            (o.CompareEvery, o.ReconnectEvery) = (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200));
        }));

    private async Task<IReadOnlyList<string>> ContainersAsync(PrivateEngine engine)
        => OwnerFile.Read(Path.Combine(State, "instances")) is { } owner
            ? [.. (await TestEngine.ListAsync($"{ContainerLabels.OwnerKey}={owner}", engine.Client)).Select(c => c.ID).Order(StringComparer.Ordinal)]
            : [];
}
