using Docker.DotNet.Models;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Docker.Tests;

public class EngineRestartTests
{
    [Theory]
    [Trait("Fault", "57")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exited_EngineRestarted_IsSeenAndNothingIsLostOrDoubled(bool crash)
    {
        await using var engine = await PrivateEngine.StartNewAsync();
        await using var sandbox = Sandbox.Make(engine.Client, o => Use(o, engine));
        var old = await sandbox.StartAsync(Sandbox.Serve);
        await old.WaitReadyAsync();

        await (crash ? engine.KillAsync() : engine.StopAsync());
        var refused = await Assert.ThrowsAsync<BackendUnavailableException>(() => sandbox.StartAsync(Sandbox.Serve));
        await engine.StartAsync();
        var exit = await old.Exited.WaitAsync(Sandbox.Token);

        Assert.Contains("cannot be reached", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCause.OnItsOwn, exit.Cause);
        var substitute = await sandbox.StartAsync(Sandbox.Serve);
        await substitute.WaitReadyAsync();
        Assert.Same(exit, await old.StopAsync(TimeSpan.FromSeconds(1), Sandbox.Token));
        Assert.Equal(substitute.ContainerId, Assert.Single(await sandbox.ContainersAsync()).ID);

        await engine.Client.Containers.KillContainerAsync(substitute.ContainerId, new ContainerKillParameters(), Sandbox.Token);
        Assert.Equal(9, (await substitute.Exited.WaitAsync(Sandbox.Token)).Signal);
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task Watcher_StartThatTheEngineFinishedAlone_IsRemoved()
    {
        await using var engine = await PrivateEngine.StartNewAsync();
        await using var sandbox = Sandbox.Make(engine.Client, o => Use(o, engine));
        var ours = await sandbox.StartAsync(Sandbox.Serve);
        var labels = Assert.Single(await sandbox.ContainersAsync()).Labels!;
        var stray = new CreateContainerParameters
        {
            Image = TestEngine.Tiny,
            Cmd = ["sleep", "1000"],
            Labels = new Dictionary<string, string>(labels) { [ContainerLabels.InstanceKey] = "dummy-interrupted" },
        };
        await engine.Client.Containers.CreateContainerAsync(stray, Sandbox.Token);

        await Waiting.UntilAsync(() => sandbox.ContainersAsync().GetAwaiter().GetResult().Count == 1, "the stray to be removed", Sandbox.Token);

        Assert.Equal(ours.ContainerId, Assert.Single(await sandbox.ContainersAsync()).ID);
        Assert.False(ours.Exited.IsCompleted);
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task StopAsync_EngineAway_WaitsForItAndRemovesTheContainer()
    {
        await using var engine = await PrivateEngine.StartNewAsync();
        await using var sandbox = Sandbox.Make(engine.Client, o => Use(o, engine));
        var instance = await sandbox.StartAsync(Sandbox.Serve);
        await engine.KillAsync();

        var stop = instance.StopAsync(TimeSpan.FromSeconds(1), Sandbox.Token);
        Assert.False(stop.IsCompleted);
        await engine.StartAsync();

        Assert.Equal(ExitCause.Stopped, (await stop).Cause);
        Assert.Empty(await sandbox.ContainersAsync());
    }

    [Fact]
    [Trait("Fault", "57")]
    public async Task StopAsync_EngineAwayForTooLong_SaysSoAndRemovesTheContainerLater()
    {
        await using var engine = await PrivateEngine.StartNewAsync();
        await using var sandbox = Sandbox.Make(engine.Client, o =>
        {
            Use(o, engine);
            o.EngineWait = TimeSpan.Zero;
        });
        var instance = await sandbox.StartAsync(Sandbox.Serve);
        await engine.KillAsync();

        var error = await Assert.ThrowsAsync<PluginDeploymentException>(() => instance.StopAsync(TimeSpan.Zero, Sandbox.Token));
        await engine.StartAsync();

        Assert.Contains("could not be ended", error.Message, StringComparison.Ordinal);
        await instance.Exited.WaitAsync(Sandbox.Token);
        await Waiting.UntilAsync(() => sandbox.ContainersAsync().GetAwaiter().GetResult().Count == 0, "the container to be removed", Sandbox.Token);
    }

    [Fact]
    [Trait("Fault", "60")]
    public async Task StartAsync_EngineSilent_EndsInTimeAndInstancesGoOn()
    {
        await using var engine = await PrivateEngine.StartNewAsync();
        DockerHostOptions options = null!;
        await using var sandbox = Sandbox.Make(engine.Client, o => Use(options = o, engine));
        var instance = await sandbox.StartAsync(Sandbox.Serve);
        await instance.WaitReadyAsync();

        // Short only while the engine is silent: one that answers may take its time on a busy machine.
        var patient = options.CallTimeout;
        await engine.PauseAsync();
        options.CallTimeout = TimeSpan.FromSeconds(2);
        var error = await Assert.ThrowsAsync<BackendUnavailableException>(() => sandbox.StartAsync(Sandbox.Serve));
        await instance.GetAsync("/status");
        options.CallTimeout = patient;
        await engine.GoOnAsync();

        Assert.Contains("did not answer within 2 s", error.Message, StringComparison.Ordinal);
        Assert.False(instance.Exited.IsCompleted);
        await Waiting.UntilAsync(() => sandbox.ContainersAsync().GetAwaiter().GetResult().Count == 1, "what was asked for in vain to be removed", Sandbox.Token);
    }

    private static void Use(DockerHostOptions options, PrivateEngine engine)
        => (options.Endpoint, options.CompareEvery, options.ReconnectEvery, options.CallTimeout) = (engine.Endpoint, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1));
}
