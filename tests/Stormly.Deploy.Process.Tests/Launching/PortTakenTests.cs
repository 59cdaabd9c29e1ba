using System.Net;
using System.Net.Sockets;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests.Launching;

public class PortTakenTests
{
    [Fact]
    [Trait("Fault", "11")]
    public async Task Exited_StrangerTookThePortMeanwhile_IsNoCrash()
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec($"while [ ! -e go ]; do sleep 0.05; done; {DummyPlugin.Command("serve --port {port}")}");
        var instance = await sandbox.StartAsync(spec);
        using var stranger = new TcpListener(IPAddress.Any, instance.Address.Port);
        stranger.Start();

        await File.WriteAllTextAsync(Path.Combine(spec.WorkFolder, "go"), "", Sandbox.Token);
        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(ExitCause.PortTaken, exit.Cause);
        Assert.Contains($"process {Environment.ProcessId}", exit.Reason, StringComparison.Ordinal);
        Assert.Contains("cannot listen", exit.OutputTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckListenerAsync_BeforeAndAfterListening_TellsNobodyThenOurs()
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec($"while [ ! -e go ]; do sleep 0.05; done; {DummyPlugin.Command("serve --port {port}")}");
        var instance = await sandbox.StartAsync(spec);

        var before = await instance.CheckListenerAsync(Sandbox.Token);
        await File.WriteAllTextAsync(Path.Combine(spec.WorkFolder, "go"), "", Sandbox.Token);
        await instance.WaitReadyAsync();
        var after = await instance.CheckListenerAsync(Sandbox.Token);

        Assert.Equal(ListenerVerdict.Nobody, before.Verdict);
        Assert.Equal(ListenerVerdict.Ours, after.Verdict);
    }

    [Fact]
    [Trait("Fault", "15")]
    public async Task Exited_KilledInService_IsNoticedAndToldApartFromAStop()
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync("exec env " + DummyPlugin.Command("serve --port {port}"));
        await instance.WaitReadyAsync();
        Assert.Equal(ListenerVerdict.Ours, (await instance.CheckListenerAsync(Sandbox.Token)).Verdict);

        Assert.Equal(0, Process.Linux.Native.Kill(instance.LeaderPid, 9));
        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(9, exit.Signal);
        Assert.Equal(ExitCause.OnItsOwn, exit.Cause);
    }
}
