using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Docker.DotNet.Models;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Tests;

public class FromOutsideTests
{
    [Fact]
    [Trait("Fault", "58")]
    public async Task Exited_KilledFromOutside_IsNoticed()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync(Sandbox.Serve);

        await TestEngine.Client.Containers.KillContainerAsync(instance.ContainerId, new ContainerKillParameters(), Sandbox.Token);

        var exit = await instance.Exited.WaitAsync(Sandbox.Token);
        Assert.Equal((ExitCause.OnItsOwn, 9), (exit.Cause, exit.Signal));
    }

    [Fact]
    [Trait("Fault", "58")]
    public async Task Exited_RemovedFromOutside_IsNoticedAndNamed()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync("trap '' TERM; while :; do sleep 1; done");

        await TestEngine.Client.Containers.RemoveContainerAsync(instance.ContainerId, new ContainerRemoveParameters { Force = true }, Sandbox.Token);

        var exit = await instance.Exited.WaitAsync(Sandbox.Token);
        Assert.Equal(ExitCause.OnItsOwn, exit.Cause);
        Assert.Equal(exit, await instance.StopAsync(Sandbox.LongGrace, Sandbox.Token));
    }

    [Fact]
    [Trait("Fault", "58")]
    public async Task Exited_StoppedAndStartedAgainFromOutside_CountsAsEnded()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync(Sandbox.Serve);
        await instance.WaitReadyAsync();

        await TestEngine.Client.Containers.StopContainerAsync(instance.ContainerId, new ContainerStopParameters { WaitBeforeKillSeconds = 30 }, Sandbox.Token);

        Assert.Contains("which somebody else sent", (await instance.Exited.WaitAsync(Sandbox.Token)).Reason, StringComparison.Ordinal);
        await TestEngine.Client.Containers.StartContainerAsync(instance.ContainerId, new ContainerStartParameters(), Sandbox.Token);
        await instance.StopAsync(TimeSpan.FromSeconds(1), Sandbox.Token);
        Assert.Empty(await sandbox.ContainersAsync());
    }

    [Fact]
    [Trait("Fault", "58")]
    public async Task StopAsync_PausedAndRenamedFromOutside_EndsAllTheSame()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync(Sandbox.Serve);
        await instance.WaitReadyAsync();
        await TestEngine.Client.Containers.RenameContainerAsync(instance.ContainerId, new ContainerRenameParameters { NewName = "renamed-" + instance.Id }, Sandbox.Token);
        await TestEngine.Client.Containers.PauseContainerAsync(instance.ContainerId, Sandbox.Token);

        var exit = await instance.StopAsync(Sandbox.LongGrace, Sandbox.Token);

        Assert.Equal(ExitCause.Stopped, exit.Cause);
        Assert.DoesNotContain("killed", exit.Reason, StringComparison.Ordinal);
        Assert.Empty(await sandbox.ContainersAsync());
    }

    [Fact]
    [Trait("Fault", "62")]
    public async Task StartAsync_FirstPublishedPortTaken_TakesAnother()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var taken = ((IPEndPoint)stranger.LocalEndpoint).Port;
        await using var sandbox = await Sandbox.MakeAsync(o => o.PublishedPorts = string.Create(CultureInfo.InvariantCulture, $"{taken}-{Math.Min(65535, taken + 20)}"));

        var instance = await sandbox.StartAsync(Sandbox.Serve);

        await instance.WaitReadyAsync();
        Assert.NotEqual(taken, instance.Address.Port);
    }

    [Fact]
    [Trait("Fault", "62")]
    public async Task StartAsync_OnlyPublishedPortTaken_SaysSoAndLeavesNothing()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var taken = ((IPEndPoint)stranger.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await using var sandbox = await Sandbox.MakeAsync(o => (o.PublishedPorts, o.PortRetries) = (taken, 1));

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.StartAsync(Sandbox.Serve));

        Assert.Contains($"Ports of {taken} on 127.0.0.1 are taken by others", error.Reason, StringComparison.Ordinal);
        Assert.Empty(await sandbox.ContainersAsync());
    }

    [Fact]
    [Trait("Fault", "9")]
    public async Task CheckListenerAsync_LoopbackInsideTheContainer_SaysWhatToDo()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync("exec httpd -f -p 127.0.0.1:5000 -h /");
        var check = new ListenerCheck(ListenerVerdict.Nobody);
        while (check.Verdict == ListenerVerdict.Nobody)
        {
            check = await instance.CheckListenerAsync(Sandbox.Token);
        }

        Assert.Equal(ListenerVerdict.Elsewhere, check.Verdict);
        Assert.Contains("127.0.0.1:5000 inside its container", check.Detail, StringComparison.Ordinal);
        Assert.Contains("0.0.0.0", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "9")]
    public async Task CheckListenerAsync_AnotherPort_NamesBoth()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync("exec httpd -f -p 5001 -h /");
        var check = new ListenerCheck(ListenerVerdict.Nobody);
        while (check.Verdict == ListenerVerdict.Nobody)
        {
            check = await instance.CheckListenerAsync(Sandbox.Token);
        }

        Assert.Equal(ListenerVerdict.Elsewhere, check.Verdict);
        Assert.Contains("5001", check.Detail, StringComparison.Ordinal);
        Assert.Contains("declare port 5000", check.Detail, StringComparison.Ordinal);
    }
}
