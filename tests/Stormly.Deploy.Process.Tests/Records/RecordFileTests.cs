using Stormly.Deploy.Hosts;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.Process.Records;

namespace Stormly.Deploy.Process.Tests.Records;

public class RecordFileTests
{
    [Fact]
    public async Task StartAsync_Running_HasARecordThatProvesIt()
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec("sleep 1000");

        var instance = await sandbox.StartAsync(spec);
        var record = RecordFile.Read(Path.Combine(spec.Folder, "process.json"))!;

        Assert.Equal(InstanceRecord.CurrentFormat, record.Format);
        Assert.Equal(spec.Id.Value, record.Instance);
        Assert.Equal(spec.Folder, record.Folder);
        Assert.Equal(instance.LeaderPid, record.Pid);
        Assert.Equal(ProcTable.Read(instance.LeaderPid)!.Value.StartTicks, record.StartTicks);
        Assert.Equal(BootId.Read(), record.BootId);
        Assert.Equal(instance.Address.Port, record.Port);
        Assert.Equal(Environment.ProcessId, record.HostPid);
        Assert.Equal(64, record.CommandHash!.Length);
        Assert.Contains("still runs", RecordProof.FindObjection(record, spec.Folder), StringComparison.Ordinal);
        Assert.Null(RecordProof.FindObjection(record with { HostStartTicks = 1 }, spec.Folder));
        Assert.Empty(Directory.EnumerateFiles(spec.Folder, "*.tmp"));
    }

    [Fact]
    [Trait("Fault", "49")]
    public async Task StartAsync_RecordCannotBeWritten_StartsNothingAndNamesThePath()
    {
        await using var sandbox = new Sandbox();
        var spec = sandbox.Spec("touch started; sleep 1000");
        var path = Path.Combine(spec.Folder, "process.json");
        Directory.CreateDirectory(path + ".tmp");

        var error = await Assert.ThrowsAsync<InstanceStartException>(() => sandbox.Host.StartAsync(spec, Sandbox.Token));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        Assert.False(File.Exists(Path.Combine(spec.WorkFolder, "started")));
    }

    [Fact]
    public void Write_OverAnOlderOne_ReplacesItWhole()
    {
        var folder = Directory.CreateTempSubdirectory("stormly-record-").FullName;

        RecordFile.Write(folder, new InstanceRecord { Plugin = new string('x', 5000) });
        RecordFile.Write(folder, new InstanceRecord { Plugin = "short" });

        Assert.Equal("short", RecordFile.Read(Path.Combine(folder, RecordFile.Name))!.Plugin);
        Assert.Single(Directory.EnumerateFiles(folder));
        Directory.Delete(folder, recursive: true);
    }
}
