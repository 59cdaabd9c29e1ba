using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Launching;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.Process.Ports;
using Stormly.Deploy.Process.Records;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Process.Tests;

/// <summary>Instances that outlive a host application, and the next run that takes them over.</summary>
public class AdoptionTests
{
    private const string Sleeper = "trap 'exit 0' TERM; setsid sleep 1000 & sleep 1000 & while :; do wait; done";

    [Fact]
    [Trait("Fault", "45")]
    public async Task HostKilled_InstanceOutlivesIt_TheSameProcessServesTheNextRun()
    {
        await using var sandbox = new Sandbox();
        var id = await KillHostOfAsync(sandbox, DummyPlugin.Command("serve"));
        var before = Record(sandbox, id);

        await using var instance = Assert.Single((await RecoverAsync(sandbox.Host, sandbox, id)).Adopted);

        await instance.WaitReadyAsync();
        Assert.Equal(id, instance.Id);
        Assert.Equal(before.Port, instance.Address.Port);
        Assert.Equal(before.Pid, ((ProcessInstance)instance).LeaderPid);
        Assert.Equal(before.StartTicks, ProcTable.Read(before.Pid)!.Value.StartTicks);
        Assert.Equal(ListenerVerdict.Ours, (await instance.CheckListenerAsync(Sandbox.Token)).Verdict);
        Assert.Equal(before.Port, (int)JsonNode.Parse(await instance.PostAsync("/predict"))!["port"]!);
        Assert.False(instance.Exited.IsCompleted);
        Assert.Equal(Environment.ProcessId, Record(sandbox, id).HostPid);
        Assert.NotNull(PortReservation.OwnerOf(before.Port));

        var exit = await instance.StopAsync(Sandbox.LongGrace, CancellationToken.None);

        Assert.Equal(ExitCause.Stopped, exit.Cause);
        Assert.Null(exit.ExitCode);
        Assert.Contains("cannot be known", exit.Reason, StringComparison.Ordinal);
        Assert.Null(PortReservation.OwnerOf(before.Port));
        AssertNothingIsLeft(sandbox, before);
    }

    [Fact]
    public async Task AdoptedInstance_EndsByItself_IsNoticedWithItsLastWordsAndNoExitCode()
    {
        await using var sandbox = new Sandbox();
        var id = await KillHostOfAsync(sandbox, "echo said before; while [ ! -e go ]; do sleep 0.05; done; echo said after >&2; exit 3");
        await using var instance = Assert.Single((await RecoverAsync(sandbox.Host, sandbox, id)).Adopted);
        await Waiting.UntilAsync(() => instance.ReadOutputTail() == "said before", "its first words", Sandbox.Token);

        await File.WriteAllTextAsync(Path.Combine(sandbox.InstancesFolder, id.Value, "work", "go"), "", Sandbox.Token);
        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(ExitCause.OnItsOwn, exit.Cause);
        Assert.Null(exit.ExitCode);
        Assert.Null(exit.Signal);
        Assert.Contains("its exit code cannot be known", exit.Reason, StringComparison.Ordinal);
        Assert.Equal("said before\nsaid after", exit.OutputTail);
    }

    [Theory]
    [Trait("Fault", "26")]
    [Trait("Fault", "20")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AdoptedInstance_Stopped_TakesItsWholeTreeWithIt(bool paused)
    {
        await using var sandbox = new Sandbox();
        var id = await KillHostOfAsync(sandbox, Sleeper);
        await Waiting.UntilAsync(() => HostProgram.Living(sandbox.InstancesFolder).Count(p => p.Comm == "sleep") == 2, "both sleepers", Sandbox.Token);
        var record = Record(sandbox, id);
        if (paused)
        {
            foreach (var process in HostProgram.Living(sandbox.InstancesFolder))
            {
                PidHandle.Signal(process, 19);
            }
        }

        await using var instance = Assert.Single((await RecoverAsync(sandbox.Host, sandbox, id)).Adopted);
        await instance.StopAsync(Sandbox.LongGrace, CancellationToken.None);

        Assert.True(instance.Exited.IsCompletedSuccessfully);
        AssertNothingIsLeft(sandbox, record);
    }

    [Fact]
    [Trait("Fault", "55")]
    public async Task RecoverAsync_TheWantedOneHasEnded_EndsItsLeftoversAndSaysSo()
    {
        await using var sandbox = new Sandbox();
        var id = await KillHostOfAsync(sandbox, Sleeper);
        await Waiting.UntilAsync(() => HostProgram.Living(sandbox.InstancesFolder).Count(p => p.Comm == "sleep") == 2, "both sleepers", Sandbox.Token);
        var record = Record(sandbox, id);
        PidHandle.Signal(ProcTable.Read(record.Pid)!.Value, Native.SignalKill);
        await Waiting.UntilAsync(() => ProcTable.Read(record.Pid) is not { IsLive: true }, "the leader's end", Sandbox.Token);

        var report = await RecoverAsync(sandbox.Host, sandbox, id);

        Assert.Empty(report.Adopted);
        var note = Assert.Single(report.Notes);
        Assert.True(note.Ended);
        Assert.Contains("wanted back: it has ended meanwhile", note.Detail, StringComparison.Ordinal);
        AssertNothingIsLeft(sandbox, record);
    }

    [Fact]
    public async Task RecoverAsync_SurvivorThatNobodyWants_IsEnded()
    {
        await using var sandbox = new Sandbox();
        var id = await KillHostOfAsync(sandbox, Sleeper);
        var record = Record(sandbox, id);

        var report = await RecoverAsync(sandbox.Host, sandbox);

        Assert.Empty(report.Adopted);
        Assert.True(Assert.Single(report.Notes).Ended);
        AssertNothingIsLeft(sandbox, record);
    }

    [Fact]
    public async Task RecoverAsync_ItsPortIsReservedByAnother_IsEndedAndSaysSo()
    {
        await using var sandbox = new Sandbox();
        var id = await KillHostOfAsync(sandbox, Sleeper);
        var record = Record(sandbox, id);
        using var taken = PortReservation.TryTake(record.Port, PluginName.Parse("other"));
        Assert.NotNull(taken);

        var report = await RecoverAsync(sandbox.Host, sandbox, id);

        Assert.Empty(report.Adopted);
        Assert.Contains($"port {record.Port} is reserved by somebody else", Assert.Single(report.Notes).Detail, StringComparison.Ordinal);
        AssertNothingIsLeft(sandbox, record);
    }

    [Fact]
    public async Task RecoverAsync_AnotherHostApplicationsInstances_AreNeverTouched()
    {
        await using var own = new Sandbox();
        await using var other = new Sandbox();
        var mine = await KillHostOfAsync(own, Sleeper);
        var theirs = await KillHostOfAsync(other, Sleeper);
        using var living = await HostProgram.StartAsync("surviving", Directory.CreateDirectory(own.InstancesFolder).FullName, Sleeper);
        var busy = Ids(own).Single(i => i != mine);

        // Their instance is wanted by name, and a copy of their record lies here: neither makes it ours.
        var stolen = Directory.CreateDirectory(Path.Combine(own.InstancesFolder, theirs.Value)).FullName;
        File.Copy(Path.Combine(other.InstancesFolder, theirs.Value, RecordFile.Name), Path.Combine(stolen, RecordFile.Name));
        var report = await RecoverAsync(own.Host, own, mine, theirs, busy);

        await using var instance = Assert.Single(report.Adopted);
        Assert.Equal(mine, instance.Id);
        Assert.Contains(report.Notes, n => n.Instance == theirs && !n.Ended && n.Detail.Contains("copied here", StringComparison.Ordinal));
        Assert.Contains(report.Notes, n => n.Instance == busy && !n.Ended && n.Detail.Contains("still runs", StringComparison.Ordinal));
        Assert.NotEmpty(HostProgram.Living(other.InstancesFolder));
        await instance.StopAsync(TimeSpan.Zero, CancellationToken.None);
        Directory.Delete(stolen, recursive: true);
        await living.KillAsync();
        await EndAllAsync(own);
        await EndAllAsync(other);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("TERM")]
    public async Task HostsGroupIsSignalled_InstanceOutlivesIt_HearsNothing(string signal)
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);

        // The host application leads a group of its own, as in a terminal; the signal goes to the whole group.
        await HostProgram.RunAsync("exec setsid -w env --default-signal=INT,HUP,TERM \"$@\"", "interrupted", sandbox.InstancesFolder, Sleeper, signal);

        var id = Assert.Single(Ids(sandbox));
        await using var instance = Assert.Single((await RecoverAsync(sandbox.Host, sandbox, id)).Adopted);
        Assert.False(instance.Exited.IsCompleted);
        Assert.Contains(HostProgram.Living(sandbox.InstancesFolder), p => p.Pid == ((ProcessInstance)instance).LeaderPid);
    }

    [Fact]
    public async Task LetGoAsync_ThenTheHostEnds_LivesOnAndTheNextTakesItOver()
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec(Sleeper) with { OutlivesHost = true };
        var first = new ProcessInstanceHost(Options.Create(new ProcessHostOptions()));
        var started = (ProcessInstance)await first.StartAsync(spec, Sandbox.Token);
        await started.LetGoAsync();
        await first.DisposeAsync();
        Assert.True(ProcTable.Read(started.LeaderPid) is { IsLive: true });
        Assert.Null(PortReservation.OwnerOf(started.Address.Port));
        await DeclaredPorts.UntilFreeAsync(started.Address.Port);

        await using var instance = Assert.Single((await RecoverAsync(sandbox.Host, sandbox, spec.Id)).Adopted);

        Assert.Equal(started.LeaderPid, ((ProcessInstance)instance).LeaderPid);
        Assert.Equal(started.Address, instance.Address);
        await instance.StopAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Empty(Sandbox.Living(started));
    }

    [Fact]
    public async Task DisposeAsync_InstanceOutlivesHostButNobodyLetItGo_IsEnded()
    {
        await using var sandbox = new Sandbox();
        var instance = await sandbox.StartAsync(sandbox.Spec(Sleeper) with { OutlivesHost = true });

        await sandbox.Host.DisposeAsync();

        Assert.Empty(Sandbox.Living(instance));
    }

    [Fact]
    public async Task RecoverAsync_InstanceThatWasToEndWithItsHost_IsNotTakenOver()
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.InstancesFolder);
        using var host = await HostProgram.StartAsync("serving", sandbox.InstancesFolder, "trap '' TERM; while :; do sleep 1000; done");
        await host.KillAsync();

        var report = await RecoverAsync(sandbox.Host, sandbox, Assert.Single(Ids(sandbox)));

        Assert.Empty(report.Adopted);
        Assert.Contains("started to end with its host application", Assert.Single(report.Notes).Detail, StringComparison.Ordinal);
        await Waiting.UntilAsync(() => HostProgram.Living(sandbox.InstancesFolder).Count == 0, "everything to end", Sandbox.Token);
    }

    [Theory]
    [Trait("Fault", "29")]
    [Trait("Fault", "30")]
    [InlineData("--mb 100 --rate 50 --shape lines")]
    [InlineData("--mb 60 --shape nonl --stderr")]
    [InlineData("--mb 20 --shape binary")]
    public async Task ReadOutputTail_InstanceOutlivesHost_FloodsIntoAFileAndOnlyItsEndIsRead(string flood)
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec(DummyPlugin.Command($"flood {flood} --code 5")) with { OutlivesHost = true };
        var instance = await sandbox.StartAsync(spec);

        var exit = await instance.Exited.WaitAsync(Sandbox.Token);

        Assert.Equal(5, exit.ExitCode);
        Assert.EndsWith("flood ended", exit.OutputTail, StringComparison.Ordinal);
        Assert.True(exit.OutputTail.Length <= OutputTail.MaxCharacters, $"The tail has {exit.OutputTail.Length} characters.");
        Assert.True(new FileInfo(OutputFile.Beside(spec.LogFile, 0).Path).Length > 10_000_000);
    }

    [Fact]
    [Trait("Fault", "51")]
    public async Task ReadOutputTail_OutputFileWasReplaced_ReadsNothingThatLiesElsewhere()
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec("echo words; exec sleep 1000") with { OutlivesHost = true };
        var instance = await sandbox.StartAsync(spec);
        await Waiting.UntilAsync(() => instance.ReadOutputTail() == "words", "its words", Sandbox.Token);
        var secret = Path.Combine(sandbox.Folder, "secret");
        await File.WriteAllTextAsync(secret, "secret", Sandbox.Token);
        var file = OutputFile.Beside(spec.LogFile, 0).Path;

        File.Delete(file);
        File.CreateSymbolicLink(file, secret);

        Assert.Equal("", instance.ReadOutputTail());
        Assert.Null(OutputFile.OfRecord(secret, sandbox.Folder, 1024));
        Assert.Null(OutputFile.OfRecord(Path.Combine(spec.Folder, "..", "..", "..", OutputFile.Name), spec.Folder, 1024));
    }

    private static async Task<InstanceId> KillHostOfAsync(Sandbox sandbox, string command)
    {
        using var host = await HostProgram.StartAsync("surviving", Directory.CreateDirectory(sandbox.InstancesFolder).FullName, command);
        await host.KillAsync();
        return Assert.Single(Ids(sandbox));
    }

    private static ImmutableArray<InstanceId> Ids(Sandbox sandbox) => [.. Directory.GetDirectories(sandbox.InstancesFolder).Select(f => new InstanceId(Path.GetFileName(f)))];

    private static InstanceRecord Record(Sandbox sandbox, InstanceId id) => RecordFile.Read(Path.Combine(sandbox.InstancesFolder, id.Value, RecordFile.Name))!;

    private static Task<HostRecoveryReport> RecoverAsync(ProcessInstanceHost host, Sandbox sandbox, params InstanceId[] adopt)
        => host.RecoverAsync(new HostRecoveryRequest { InstancesFolder = sandbox.InstancesFolder, Adopt = [.. adopt], Grace = Sandbox.LongGrace }, Sandbox.Token);

    private static async Task EndAllAsync(Sandbox sandbox)
    {
        await using var host = new ProcessInstanceHost(Options.Create(new ProcessHostOptions()));
        await RecoverAsync(host, sandbox);
        Assert.Empty(HostProgram.Living(sandbox.InstancesFolder));
    }

    private static void AssertNothingIsLeft(Sandbox sandbox, InstanceRecord record)
    {
        Assert.Empty(ProcTable.FindMarked(record.Marker!));
        Assert.Empty(Directory.EnumerateFiles(sandbox.InstancesFolder, RecordFile.Name, SearchOption.AllDirectories));
    }
}
