using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.Process.Tests.Stopping;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests;

public class HostDeathTests
{
    [Theory]
    [Trait("Fault", "45")]
    [Trait("Fault", "26")]
    [MemberData(nameof(CommandShapes.Names), MemberType = typeof(CommandShapes))]
    public async Task HostKilled_AnyShapeOfCommand_NothingIsLeftAndNextStartFindsNothing(string shape)
    {
        await using var sandbox = new Sandbox();
        using var host = await HostProgram.StartAsync("serving", Directory.CreateDirectory(sandbox.InstancesFolder).FullName, CommandShapes.Command(shape));
        await Waiting.UntilAsync(() => HostProgram.Living(sandbox.InstancesFolder).Count >= 2, "plugin and watcher to run", Sandbox.Token);

        await host.KillAsync();

        await Waiting.UntilAsync(() => HostProgram.Living(sandbox.InstancesFolder).Count == 0, $"everything to end ({shape})", Sandbox.Token);
        var report = await sandbox.Host.RecoverAsync(new HostRecoveryRequest { InstancesFolder = sandbox.InstancesFolder }, Sandbox.Token);
        var note = Assert.Single(report.Notes);
        Assert.False(note.Ended);
        Assert.Contains("nothing of it lives", note.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "46")]
    [InlineData("starting")]
    [InlineData("stopping")]
    [InlineData("replacing")]
    public async Task HostKilled_InTheMiddleOfSomething_NothingIsLeft(string moment)
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);
        using var host = await HostProgram.StartAsync(moment, sandbox.InstancesFolder, "trap '' TERM; while :; do sleep 1000; done");

        await host.KillAsync();

        await Waiting.UntilAsync(() => HostProgram.Living(sandbox.InstancesFolder).Count == 0, $"everything to end ({moment})", Sandbox.Token);
        await sandbox.Host.RecoverAsync(new HostRecoveryRequest { InstancesFolder = sandbox.InstancesFolder }, Sandbox.Token);
        Assert.Empty(Directory.EnumerateFiles(sandbox.InstancesFolder, "process.json", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task HostEnds_WithoutDisposal_NothingIsLeft()
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);

        await HostProgram.RunAsync("", "leaving", sandbox.InstancesFolder, "setsid sleep 1000 & sleep 1000");

        await Waiting.UntilAsync(() => HostProgram.Living(sandbox.InstancesFolder).Count == 0, "everything to end", Sandbox.Token);
        Assert.Single(Directory.EnumerateFiles(sandbox.InstancesFolder, "process.json", SearchOption.AllDirectories));
    }

    [Theory]
    [Trait("Fault", "45")]
    [InlineData("sleep 1000", false)]
    [InlineData("setsid sleep 1000 & exec sleep 1000", false)]
    [InlineData("trap '' TERM; while :; do sleep 1000; done", true)]
    public async Task RecoverAsync_HostAndWatcherKilled_EndsWhatEscaped(string command, bool forced)
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);
        using var host = await HostProgram.StartAsync("serving", sandbox.InstancesFolder, command);
        await Waiting.UntilAsync(() => HostProgram.Living(sandbox.InstancesFolder).Any(p => p.Comm == "sleep") && Watchers(sandbox).Count == 1, "plugin and watcher", Sandbox.Token);
        PidHandle.Signal(Watchers(sandbox)[0], Native.SignalKill);
        await host.KillAsync();
        Assert.Contains(HostProgram.Living(sandbox.InstancesFolder), p => p.Comm == "sleep");

        var request = new HostRecoveryRequest { InstancesFolder = sandbox.InstancesFolder, Grace = forced ? TimeSpan.FromMilliseconds(200) : Sandbox.LongGrace };
        var note = Assert.Single((await sandbox.Host.RecoverAsync(request, Sandbox.Token)).Notes);

        Assert.True(note.Ended);
        Assert.Contains(forced ? "was killed" : "was ended", note.Detail, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(sandbox.InstancesFolder, "process.json", SearchOption.AllDirectories));
        Assert.Empty((await sandbox.Host.RecoverAsync(request, Sandbox.Token)).Notes);
    }

    [Fact]
    public async Task RecoverAsync_OwnerStillRuns_LeavesItsInstancesAlone()
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);
        using var host = await HostProgram.StartAsync("serving", sandbox.InstancesFolder, "sleep 1000");
        var before = HostProgram.Living(sandbox.InstancesFolder).Count;

        var note = Assert.Single((await sandbox.Host.RecoverAsync(new HostRecoveryRequest { InstancesFolder = sandbox.InstancesFolder }, Sandbox.Token)).Notes);

        Assert.False(note.Ended);
        Assert.Contains("still runs", note.Detail, StringComparison.Ordinal);
        Assert.True(HostProgram.Living(sandbox.InstancesFolder).Count >= before);
        await host.KillAsync();
        await Waiting.UntilAsync(() => HostProgram.Living(sandbox.InstancesFolder).Count == 0, "everything to end", Sandbox.Token);
    }

    private static List<ProcStat> Watchers(Sandbox sandbox)
        => [.. HostProgram.Living(sandbox.InstancesFolder).Where(p => ProcTable.ReadEnvironment(p.Pid, Process.Launching.InstanceMarker.WatcherVariable) is not null)];
}
