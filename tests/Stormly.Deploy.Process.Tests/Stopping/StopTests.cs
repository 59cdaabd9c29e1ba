using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests.Stopping;

public class StopTests
{
    [Theory]
    [Trait("Fault", "25")]
    [Trait("Fault", "26")]
    [MemberData(nameof(CommandShapes.Names), MemberType = typeof(CommandShapes))]
    public async Task StopAsync_AnyShapeOfCommand_LeavesNothing(string shape)
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync(CommandShapes.Command(shape));
        await instance.WaitReadyAsync();
        var before = Sandbox.Living(instance);

        var exit = await instance.StopAsync(shape == "ignores TERM" ? TimeSpan.FromMilliseconds(300) : Sandbox.LongGrace, Sandbox.Token);

        Assert.NotEmpty(before);
        Assert.Empty(Sandbox.Living(instance));
        Assert.Equal(ExitCause.Stopped, exit.Cause);
        Assert.Equal(shape == "ignores TERM", exit.Reason.Contains("was killed", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(sandbox.InstancesFolder, instance.Id.Value, "process.json")));
    }

    [Fact]
    [Trait("Fault", "25")]
    public async Task StopAsync_ForceTokenDuringGrace_SkipsTheRest()
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync(DummyPlugin.Command("ignore-term --port {port}"));
        await instance.WaitReadyAsync();
        using var force = new CancellationTokenSource();

        var stop = instance.StopAsync(TimeSpan.FromHours(1), force.Token);
        Assert.False(stop.IsCompleted);
        await force.CancelAsync();
        var exit = await stop.WaitAsync(Sandbox.Token);

        Assert.Contains("was killed", exit.Reason, StringComparison.Ordinal);
        Assert.Empty(Sandbox.Living(instance));
    }

    [Fact]
    public async Task StopAsync_CalledByMany_SharesOneEnd()
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync("sleep 1000");

        var exits = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => instance.StopAsync(Sandbox.LongGrace, Sandbox.Token))));
        await instance.DisposeAsync();

        Assert.Single(exits.Distinct());
        Assert.Equal(exits[0], await instance.Exited);
    }

    [Fact]
    public async Task StopAsync_LaterCallWithoutGrace_ForcesTheFirst()
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync("trap '' TERM; while :; do sleep 1000; done");
        await Waiting.UntilAsync(() => Sandbox.Living(instance).Any(p => p.Comm == "sleep"), "the loop to run", Sandbox.Token);

        var first = instance.StopAsync(TimeSpan.FromHours(1), Sandbox.Token);
        await instance.StopAsync(TimeSpan.Zero, Sandbox.Token);

        Assert.True(first.IsCompletedSuccessfully || await first.WaitAsync(Sandbox.Token) is not null);
        Assert.Empty(Sandbox.Living(instance));
    }

    [Theory]
    [Trait("Fault", "20")]
    [InlineData(30_000, false)]
    [InlineData(0, true)]
    public async Task StopAsync_StoppedBySigstop_Ends(int graceMilliseconds, bool forced)
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync(DummyPlugin.Command("serve --port {port}"));
        await instance.WaitReadyAsync();
        Assert.Equal(0, Native.Kill(-instance.LeaderPid, 19));
        await Waiting.UntilAsync(() => Sandbox.Living(instance).Any(p => p.State == 'T'), "the processes to be stopped", Sandbox.Token);

        var exit = await instance.StopAsync(TimeSpan.FromMilliseconds(graceMilliseconds), Sandbox.Token);

        Assert.Equal(forced, exit.Reason.Contains("was killed", StringComparison.Ordinal));
        Assert.Empty(Sandbox.Living(instance));
    }

    [Fact]
    [Trait("Fault", "27")]
    public async Task StopAsync_ZombieChildren_DoesNotWaitForThem()
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync("sh -c 'sleep 0 & sleep 0 & sleep 0 & exec sleep 1000'");
        await Waiting.UntilAsync(() => Zombies(instance) >= 3, "zombies", Sandbox.Token);

        var exit = await instance.StopAsync(Sandbox.LongGrace, Sandbox.Token);

        Assert.DoesNotContain("was killed", exit.Reason, StringComparison.Ordinal);
        Assert.Empty(Sandbox.Living(instance));
    }

    [Fact]
    public async Task StopAsync_CleansUpForAWhile_IsAskedOnceAndItsHelpersAreLetBe()
    {
        await using var sandbox = new Sandbox();
        const string Script = """
            trap 'echo asked >>asked; sh -c "sleep 0.5; echo cleaned >cleaned"; exit 0' TERM
            echo up >up
            while :; do sleep 0.05; done
            """;
        var instance = await sandbox.StartAsync(Script);
        var work = Path.Combine(sandbox.InstancesFolder, instance.Id.Value, "work");
        await Waiting.UntilAsync(() => File.Exists(Path.Combine(work, "up")), "the script", Sandbox.Token);

        var exit = await instance.StopAsync(Sandbox.LongGrace, Sandbox.Token);

        Assert.DoesNotContain("was killed", exit.Reason, StringComparison.Ordinal);
        Assert.Equal("asked\n", await File.ReadAllTextAsync(Path.Combine(work, "asked"), Sandbox.Token));
        Assert.Equal("cleaned\n", await File.ReadAllTextAsync(Path.Combine(work, "cleaned"), Sandbox.Token));
    }

    private static int Zombies(ProcessInstance instance)
        => ProcTable.AllPids().Select(ProcTable.Read).Count(p => p is { State: 'Z' } zombie && zombie.Session == instance.LeaderPid);
}
