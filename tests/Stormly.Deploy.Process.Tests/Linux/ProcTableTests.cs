using System.Diagnostics;
using Stormly.Deploy.Process.Linux;
using OsProcess = System.Diagnostics.Process;

namespace Stormly.Deploy.Process.Tests.Linux;

public class ProcTableTests
{
    [Theory]
    [InlineData("sh")]
    [InlineData("a b")]
    [InlineData("evil) R 1 1 1 (")]
    [InlineData(")")]
    [InlineData("")]
    public void Parse_AnyName_ReadsTheFields(string comm)
    {
        var stat = ProcTable.Parse(7, $"7 ({comm}) S 3 4 5 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 999 8 18446744073709551615\n");

        Assert.Equal(new ProcStat(7, comm, 'S', 3, 4, 5, 123456), stat);
        Assert.True(stat!.Value.IsLive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7 (sh")]
    [InlineData("7 (sh)")]
    [InlineData("7 (sh) S 1 2")]
    public void Parse_Torn_IsNothing(string line) => Assert.Null(ProcTable.Parse(7, line));

    [Fact]
    public void Read_ProcessThatIsNotThere_IsNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");

        Assert.Null(ProcTable.Read(int.MaxValue));
        Assert.Null(ProcTable.ReadEnvironment(int.MaxValue, "PATH"));
        Assert.Equal("", ProcTable.ReadCommandLine(int.MaxValue));
        Assert.False(PidHandle.Signal(new ProcStat(int.MaxValue, "x", 'S', 1, 1, 1, 1), 0));
    }

    [Fact]
    public void FindMarked_ProcessWithMarker_IsFoundAndOthersAreNot()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        var marker = Process.Launching.InstanceMarker.New();
        using var marked = Start(marker);
        using var longer = Start(marker + "0");

        Assert.Equal([marked.Id], ProcTable.FindMarked(marker).Select(p => p.Pid));

        Kill(marked);
        Assert.Empty(ProcTable.FindMarked(marker));
        Kill(longer);
    }

    [Fact]
    [Trait("Fault", "55")]
    public void Signal_SameIdOtherTicks_SignalsNobody()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        using var process = Start("x");
        var seen = ProcTable.Read(process.Id)!.Value;

        Assert.False(PidHandle.Signal(seen with { StartTicks = seen.StartTicks - 1 }, Native.SignalKill));
        Assert.True(ProcTable.Read(process.Id) is { IsLive: true });
        Assert.True(PidHandle.Signal(seen, Native.SignalKill));

        process.WaitForExit();
        process.Dispose();
    }

    private static OsProcess Start(string marker)
    {
        var start = new ProcessStartInfo("sleep", ["1000"]);
        start.Environment[ProcTable.MarkerVariable] = marker;
        return OsProcess.Start(start)!;
    }

    private static void Kill(OsProcess process)
    {
        process.Kill();
        process.WaitForExit();
    }
}
