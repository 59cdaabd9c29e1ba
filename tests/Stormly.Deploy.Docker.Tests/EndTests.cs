using Stormly.Deploy.Hosts;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Docker.Tests;

public class EndTests
{
    [Fact]
    public async Task Exited_OwnExitCode_HasCodeAndLastWords()
    {
        await using var sandbox = await Sandbox.MakeAsync();

        var exit = await sandbox.RunAsync("echo out; echo last words >&2; exit 3");

        Assert.Equal(3, exit.ExitCode);
        Assert.Equal(ExitCause.OnItsOwn, exit.Cause);
        Assert.Equal("ended by itself with exit code 3.", exit.Reason);
        Assert.Contains("out", exit.OutputTail, StringComparison.Ordinal);
        Assert.Contains("last words", exit.OutputTail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-program", 127)]
    [InlineData("echo x > file; ./file", 126)]
    public async Task Exited_CommandThatCannotRun_IsToldApart(string command, int code)
    {
        await using var sandbox = await Sandbox.MakeAsync();

        var exit = await sandbox.RunAsync(command);

        Assert.Equal(code, exit.ExitCode);
        Assert.Equal(ExitCause.CommandNotRunnable, exit.Cause);
    }

    [Fact]
    public async Task Exited_ServerInTheBackground_IsNamed()
    {
        await using var sandbox = await Sandbox.MakeAsync();

        var exit = await sandbox.RunAsync("sleep 1000 & exit 0");

        Assert.Equal(0, exit.ExitCode);
        Assert.Contains("put the server into the background", exit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "23")]
    public async Task Exited_OutOfMemory_NamesTheLimit()
    {
        await using var sandbox = await Sandbox.MakeAsync(o => o.MemoryBytes = 16 << 20);

        var exit = await sandbox.RunAsync("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done");

        Assert.Contains("ran out of memory", exit.Reason, StringComparison.Ordinal);
        Assert.Contains("16 MiB", exit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "24")]
    public async Task StopAsync_ForkBomb_IsContainedAndLeavesNothing()
    {
        await using var sandbox = await Sandbox.MakeAsync(o => o.Processes = 40);
        var neighbour = await sandbox.StartAsync(Sandbox.Serve);
        await neighbour.WaitReadyAsync();
        var bomb = await sandbox.StartAsync("trap '' TERM; f() { f | f & }; f; while :; do f; sleep 0.01; done");
        await Waiting.UntilAsync(() => bomb.Exited.IsCompleted || bomb.ReadOutputTail().Contains("fork", StringComparison.Ordinal), "the limit to be reached", Sandbox.Token);

        await neighbour.GetAsync("/status");
        await bomb.StopAsync(TimeSpan.FromSeconds(1), Sandbox.Token);

        Assert.Single(await sandbox.ContainersAsync());
        Assert.False(neighbour.Exited.IsCompleted);
    }

    [Theory]
    [InlineData("trap 'echo heard; exit 7' TERM; echo ready; while :; do sleep 0.1; done")]
    [InlineData("cd / && (trap 'echo heard; exit 7' TERM; echo ready; while :; do sleep 0.1; done); exit 7")]
    public async Task StopAsync_PoliteCommand_IsHeardAlsoBehindAShell(string command)
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync(command);
        await Waiting.UntilAsync(() => instance.ReadOutputTail().Contains("ready", StringComparison.Ordinal), "the trap to be set", Sandbox.Token);

        var exit = await instance.StopAsync(Sandbox.LongGrace, Sandbox.Token);

        Assert.Equal(ExitCause.Stopped, exit.Cause);
        Assert.Contains("heard", exit.OutputTail, StringComparison.Ordinal);
        Assert.DoesNotContain("killed", exit.Reason, StringComparison.Ordinal);
        Assert.Same(exit, await instance.StopAsync(TimeSpan.Zero, Sandbox.Token));
    }

    [Fact]
    [Trait("Fault", "25")]
    public async Task StopAsync_IgnoresTerm_IsKilledAfterItsGrace()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync("trap '' TERM; echo ready; while :; do sleep 1; done");
        await Waiting.UntilAsync(() => instance.ReadOutputTail().Contains("ready", StringComparison.Ordinal), "the trap to be set", Sandbox.Token);

        var exit = await instance.StopAsync(TimeSpan.FromSeconds(1), Sandbox.Token);

        Assert.Equal("was stopped: it did not end within its grace and was killed.", exit.Reason);
        Assert.Empty(await sandbox.ContainersAsync());
    }

    [Fact]
    public async Task StopAsync_InAHurry_DoesNotWaitForTheGrace()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync("trap '' TERM; echo ready; while :; do sleep 1; done");
        await Waiting.UntilAsync(() => instance.ReadOutputTail().Contains("ready", StringComparison.Ordinal), "the trap to be set", Sandbox.Token);
        using var hurry = new CancellationTokenSource();

        var stop = instance.StopAsync(TimeSpan.FromHours(1), hurry.Token);
        await hurry.CancelAsync();

        Assert.Equal(ExitCause.Stopped, (await stop).Cause);
        Assert.Empty(await sandbox.ContainersAsync());
    }

    [Fact]
    [Trait("Fault", "29")]
    public async Task ReadOutputTail_Flood_KeepsTheEndInBoundedMemoryAndOnBoundedDisk()
    {
        await using var sandbox = await Sandbox.MakeAsync(o => (o.OutputTailBytes, o.OutputDiskBytes) = (4096, 1 << 20));

        var instance = await sandbox.StartAsync("yes 0123456789abcdef | head -c 20000000; echo; echo the end; exit 5");
        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        Assert.EndsWith("\nthe end", exit.OutputTail, StringComparison.Ordinal);
        Assert.InRange(exit.OutputTail.Length, 1, 4096);
        var log = (await TestEngine.Client.Containers.InspectContainerAsync(instance.ContainerId, Sandbox.Token)).LogPath;
        Assert.SkipUnless(Directory.Exists(Path.GetDirectoryName(log)), "The engine's files cannot be read by this user.");
        Assert.InRange(Directory.GetFiles(Path.GetDirectoryName(log)!, "*.log*").Sum(f => new FileInfo(f).Length), 1, 3 << 20);
    }

    [Fact]
    public async Task DisposeAsync_Twice_EndsEverythingOnce()
    {
        await using var sandbox = await Sandbox.MakeAsync();
        var instance = await sandbox.StartAsync(Sandbox.Serve);

        await Task.WhenAll(sandbox.Host.DisposeAsync().AsTask(), sandbox.Host.DisposeAsync().AsTask());

        Assert.True(instance.Exited.IsCompleted);
        Assert.Empty(await sandbox.ContainersAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sandbox.StartAsync("sleep 1"));
    }
}
