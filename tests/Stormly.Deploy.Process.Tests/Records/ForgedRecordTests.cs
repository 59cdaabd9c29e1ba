using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Process.Launching;
using Stormly.Deploy.Process.Linux;
using Stormly.Deploy.Process.Records;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.Process.Tests.Records;

/// <summary>A record is data that anybody could have written: whatever it says, no process is signalled that is not proven to be ours.</summary>
public class ForgedRecordTests
{
    [Theory]
    [Trait("Fault", "55")]
    [InlineData("torn", "torn")]
    [InlineData("empty", "torn")]
    [InlineData("not a record", "torn")]
    [InlineData("huge", "torn")]
    [InlineData("link", "torn")]
    [InlineData("other form", "another version")]
    [InlineData("other boot", "another run of this machine")]
    [InlineData("no boot", "another run of this machine")]
    [InlineData("other folder", "copied here")]
    [InlineData("no marker", "impossible values")]
    [InlineData("empty marker", "impossible values")]
    [InlineData("short marker", "impossible values")]
    [InlineData("marker with pattern", "impossible values")]
    [InlineData("init", "impossible values")]
    [InlineData("negative", "impossible values")]
    [InlineData("true pid, other ticks", "is another program by now")]
    [InlineData("true pid, true ticks", "nothing of it lives")]
    public async Task RecoverAsync_RecordThatProvesNothing_LeavesEverythingAloneAndSaysWhy(string kind, string words)
    {
        await using var sandbox = new Sandbox();
        using var stranger = Stranger();
        var folder = Directory.CreateDirectory(Path.Combine(sandbox.InstancesFolder, "dummy-00000001")).FullName;
        Forge(kind, folder, stranger.Id);

        var note = Assert.Single((await sandbox.Host.RecoverAsync(new HostRecoveryRequest { InstancesFolder = sandbox.InstancesFolder, Grace = TimeSpan.Zero }, Sandbox.Token)).Notes);

        Assert.False(note.Ended);
        Assert.Equal("dummy-00000001", note.Instance.Value);
        Assert.Contains(words, note.Detail, StringComparison.Ordinal);
        Assert.True(ProcTable.Read(stranger.Id) is { IsLive: true });
        stranger.Kill();
    }

    [Theory]
    [Trait("Goal", "R19")]
    [Trait("Fault", "55")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RecoverAsync_ThousandForgedRecords_SignalsAndAdoptsNobody(bool adopt)
    {
        await using var sandbox = new Sandbox();
        var strangers = Enumerable.Range(0, 5).Select(_ => Stranger()).ToList();
        var everybody = ProcTable.AllPids().ToArray();
        for (var i = 0; i < 1000; i++)
        {
            // Half name our strangers with their true ticks, half any process of this machine with ticks of their own or made up.
            var pid = i % 2 == 0 ? strangers[i / 2 % strangers.Count].Id : everybody[i % everybody.Length];
            var folder = Directory.CreateDirectory(Path.Combine(sandbox.InstancesFolder, $"dummy-{i:x8}")).FullName;
            RecordFile.Write(folder, Record(folder, pid) with
            {
                Instance = $"dummy-{i:x8}",
                OutlivesHost = true,
                HostPid = 0,
                Port = 20_000 + i,
                StartTicks = i % 3 == 0 ? i : ProcTable.Read(pid)?.StartTicks ?? 1,
            });
        }

        ImmutableHashSet<InstanceId> wanted = adopt ? [.. Enumerable.Range(0, 1000).Select(i => new InstanceId($"dummy-{i:x8}"))] : [];
        var report = await sandbox.Host.RecoverAsync(new HostRecoveryRequest { InstancesFolder = sandbox.InstancesFolder, Adopt = wanted, Grace = TimeSpan.FromSeconds(1) }, Sandbox.Token);

        Assert.Empty(report.Adopted);

        Assert.Equal(1000, report.Notes.Length);
        Assert.DoesNotContain(report.Notes, n => n.Ended);
        foreach (var stranger in strangers)
        {
            Assert.True(ProcTable.Read(stranger.Id) is { IsLive: true });
            stranger.Kill();
            stranger.Dispose();
        }
    }

    [Fact]
    [Trait("Fault", "55")]
    public async Task RecoverAsync_NoFolder_FindsNothing()
    {
        await using var sandbox = new Sandbox();

        var report = await sandbox.Host.RecoverAsync(new HostRecoveryRequest { InstancesFolder = sandbox.InstancesFolder }, Sandbox.Token);

        Assert.Empty(report.Notes);
        Assert.Empty(report.Adopted);
    }

    private static OsProcess Stranger() => OsProcess.Start(new ProcessStartInfo("sleep", ["1000"]))!;

    private static InstanceRecord Record(string folder, int pid) => new()
    {
        Format = InstanceRecord.CurrentFormat,
        Instance = "dummy-00000001",
        Plugin = "dummy",
        Folder = folder,
        Marker = InstanceMarker.New(),
        BootId = BootId.Read(),
        HostPid = pid,
        HostStartTicks = 1,
        Pid = pid,
        StartTicks = ProcTable.Read(pid)?.StartTicks ?? 0,
        Port = 20000,
        CommandHash = new string('0', 64),
    };

    private static void Forge(string kind, string folder, int pid)
    {
        var record = Record(folder, pid);
        var path = Path.Combine(folder, RecordFile.Name);
        switch (kind)
        {
            case "torn":
                RecordFile.Write(folder, record);
                File.WriteAllText(path, File.ReadAllText(path)[..100]);
                break;
            case "empty":
                File.WriteAllText(path, "");
                break;
            case "not a record":
                File.WriteAllText(path, new JsonArray(1, 2).ToJsonString());
                break;
            case "huge":
                File.WriteAllText(path, "{\"marker\":\"" + new string('a', 100_000) + "\"}");
                break;
            case "link":
                RecordFile.Write(folder, record);
                File.Move(path, path + ".elsewhere");
                File.CreateSymbolicLink(path, path + ".elsewhere");
                break;
            default:
                RecordFile.Write(folder, Change(kind, record));
                break;
        }
    }

    private static InstanceRecord Change(string kind, InstanceRecord record) => kind switch
    {
        "other form" => record with { Format = 2 },
        "other boot" => record with { BootId = "00000000-0000-0000-0000-000000000000" },
        "no boot" => record with { BootId = "" },
        "other folder" => record with { Folder = "/var/lib/other" },
        "no marker" => record with { Marker = null },
        "empty marker" => record with { Marker = "" },
        "short marker" => record with { Marker = "abc" },
        "marker with pattern" => record with { Marker = "................................" },
        "init" => record with { Pid = 1 },
        "negative" => record with { Pid = -1 },
        "true pid, other ticks" => record with { StartTicks = record.StartTicks + 1 },
        "true pid, true ticks" => record,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
