using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Logs;

namespace Stormly.Deploy.Core.Tests.Logs;

/// <summary>What a plugin can do to its log's place, and what the cap does and does not do about it.</summary>
[SupportedOSPlatform("linux")]
public sealed class LinuxLogCapTests : IDisposable
{
    private const long Cap = 1 << 20;
    private const int TooMuch = 900_000;

    private readonly TemporaryFolder _root = new();
    private readonly string _folder;
    private readonly string _log;
    private readonly string _outside;

    public LinuxLogCapTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "blocks, holes and descriptors are Linux's");
        _folder = Directory.CreateDirectory(_root.File("log")).FullName;
        _log = Path.Combine(_folder, "plugin.log");
        _outside = _root.File("precious");
        File.WriteAllBytes(_outside, Text(TooMuch));
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    [Trait("Fault", "51")]
    public void Look_TooLongAndNobodyWrites_KeepsTheLastQuarter()
    {
        File.WriteAllBytes(_log, Text(TooMuch));

        var look = Open().Look();

        Assert.InRange(look.DiskBefore, TooMuch, Cap);
        Assert.InRange(look.DiskAfter, Cap / 4, Cap / 2);
        Assert.Single(look.Done);
        Assert.Empty(look.Problems);
        Assert.EndsWith($"line {(TooMuch / 16) - 1:0000000000}\n", File.ReadAllText(_log), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_HalfOfTheCap_TouchesNothing()
    {
        File.WriteAllBytes(_log, Text((int)Cap / 2));

        var look = Open().Look();

        Assert.Empty(look.Done);
        Assert.Equal(Cap / 2, look.DiskAfter);
        Assert.Equal(Cap / 2, new FileInfo(_log).Length);
    }

    [Fact]
    [Trait("Fault", "51")]
    public void Look_LogIsASymbolicLink_LeavesItsTargetAloneAndSaysSo()
    {
        File.CreateSymbolicLink(_log, _outside);

        var look = Open().Look();

        Assert.Equal(["the log was replaced by a symbolic link: what it points to is not touched"], look.Problems);
        Assert.Empty(look.Done);
        Assert.Equal(TooMuch, new FileInfo(_outside).Length);
    }

    [Fact]
    [Trait("Fault", "51")]
    public void Look_LogHasASecondNameOutside_LeavesItAloneAndSaysSo()
    {
        Run("ln", _outside, _log);

        var look = Open().Look();

        Assert.Equal(["'plugin.log' has another name outside the log folder: it is not cut"], look.Problems);
        Assert.Empty(look.Done);
        Assert.Equal(TooMuch, new FileInfo(_outside).Length);
    }

    [Fact]
    [Trait("Fault", "51")]
    public void Look_TwoNamesInTheFolder_CountsTheFileOnceAndCutsIt()
    {
        File.WriteAllBytes(_log, Text(TooMuch));
        Run("ln", _log, _log + ".same");

        var look = Open().Look();

        Assert.InRange(look.DiskBefore, TooMuch, Cap);
        Assert.InRange(look.DiskAfter, 0, Cap / 2);
        Assert.Empty(look.Problems);
    }

    [Fact]
    [Trait("Fault", "51")]
    public void Look_LogIsAPipe_DoesNotWaitAndSaysSo()
    {
        Run("mkfifo", _log);

        var look = Open().Look();

        Assert.Equal(["the log was replaced by a named pipe: it cannot be read"], look.Problems);
    }

    [Fact]
    [Trait("Fault", "51")]
    public void Look_LogIsAFolder_LimitsTheFilesInIt()
    {
        Directory.CreateDirectory(_log);
        File.WriteAllBytes(Path.Combine(_log, "deep"), Text(TooMuch));

        var look = Open().Look();

        Assert.Equal(["the log was replaced by a folder: the files in it are limited together"], look.Problems);
        Assert.InRange(look.DiskAfter, 0, Cap / 2);
    }

    [Fact]
    [Trait("Fault", "51")]
    public void Look_SubfolderIsALinkToTheOutside_StaysInTheFolder()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder, "sub"), _root.Path);

        var look = Open().Look();

        Assert.Equal(0, look.DiskBefore);
        Assert.Equal(TooMuch, new FileInfo(_outside).Length);
    }

    [Fact]
    [Trait("Fault", "51")]
    public void Look_FolderWasReplacedByALink_TouchesNothing()
    {
        using var cap = Open();
        Directory.Delete(_folder);
        var elsewhere = Directory.CreateDirectory(_root.File("elsewhere")).FullName;
        File.Copy(_outside, Path.Combine(elsewhere, "plugin.log"));
        Directory.CreateSymbolicLink(_folder, elsewhere);

        var look = cap.Look();

        Assert.Equal(["the log folder is no folder of its own, or may not be read: its log is not limited"], look.Problems);
        Assert.Equal(TooMuch, new FileInfo(Path.Combine(elsewhere, "plugin.log")).Length);
    }

    [Fact]
    [Trait("Fault", "51")]
    public void Look_PathAboveTheFolderWasReplacedByALink_TouchesNothing()
    {
        var above = Directory.CreateDirectory(_root.File("above/log")).FullName;
        using var cap = Open(Path.Combine(above, "plugin.log"));
        Directory.Move(_root.File("above"), _root.File("moved"));
        File.WriteAllBytes(_root.File("moved/log/plugin.log"), Text(TooMuch));
        Directory.CreateSymbolicLink(_root.File("above"), _root.File("moved"));

        var look = cap.Look();

        Assert.Equal(["a part of the path to the log folder was replaced: nothing is touched there"], look.Problems);
        Assert.Equal(TooMuch, new FileInfo(_root.File("moved/log/plugin.log")).Length);
    }

    [Fact]
    [Trait("Fault", "50")]
    public void Look_FolderIsGone_SaysSoAndGoesOnWhenItIsBack()
    {
        using var cap = Open();
        Directory.Delete(_folder);

        Assert.Equal(["the log folder is gone"], cap.Look().Problems);

        Directory.CreateDirectory(_folder);
        File.WriteAllBytes(_log, Text(TooMuch));
        var look = cap.Look();
        Assert.Empty(look.Problems);
        Assert.InRange(look.DiskAfter, 0, Cap / 2);
    }

    [Fact]
    [Trait("Fault", "51")]
    public async Task Look_FolderIsGoneWithALogThatIsStillWritten_EmptiesIt()
    {
        using var cap = Open();
        using var writer = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"head -c {TooMuch} /dev/zero >> \"$1\"; exec 8>>\"$1\"; rm -r \"$2\"; echo ready; read x", "sh", _log, _folder]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        var look = cap.Look();

        Assert.Equal(["the log folder is gone"], look.Problems);
        Assert.InRange(look.DiskBefore, TooMuch, Cap);
        Assert.Equal(0, look.DiskAfter);
        writer.StandardInput.Close();
        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Look_ManyRotatedFiles_RemovesTheOldestAndKeepsLogAndNewest()
    {
        for (var i = 1; i <= 4; i++)
        {
            File.WriteAllBytes($"{_log}.{i}", Text(200_000));
            File.SetLastWriteTimeUtc($"{_log}.{i}", DateTime.UnixEpoch.AddDays(100 - i));
        }

        File.WriteAllBytes(_log, Text(200_000));

        var look = Open().Look();

        Assert.Equal(3, look.Done.Count);
        Assert.Equal([_log, _log + ".1"], Directory.GetFiles(_folder).Order());
        Assert.Equal(200_000, new FileInfo(_log).Length);
    }

    [Fact]
    public async Task Look_OneWriterDoesNotAppend_FreesTheHeadWithoutMovingTheRest()
    {
        File.WriteAllBytes(_log, Text(TooMuch));
        await using var appends = new FileStream(_log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await using var seeks = new FileStream(_log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

        var look = Open().Look();

        Assert.InRange(look.DiskAfter, Cap / 4, Cap / 2);
        Assert.Equal(TooMuch, new FileInfo(_log).Length);
        Assert.Equal(0, File.ReadAllBytes(_log)[0]);
    }

    [Fact]
    public async Task Look_ReplacedUnderTheSameInode_FindsTheWriterOfTheNewFile()
    {
        using var cap = Open();
        var others = new List<FileStream>();
        for (var i = 0; i < 3; i++)
        {
            File.Delete(_log);
            await using var seeks = new FileStream(_log, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            seeks.Write(Text(TooMuch));
            seeks.Flush();

            Assert.InRange(cap.Look().DiskAfter, Cap / 4, Cap / 2);
            Assert.Equal(TooMuch, new FileInfo(_log).Length);

            // Takes the descriptor's number, so that the next writer gets another one.
            await seeks.DisposeAsync();
            others.Add(File.OpenRead(_outside));
        }

        others.ForEach(o => o.Dispose());
    }

    private static void Run(string program, params string[] words)
    {
        using var process = Process.Start(program, words);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static byte[] Text(int length) => [.. Enumerable.Range(0, length / 16).SelectMany(i => System.Text.Encoding.ASCII.GetBytes($"line {i:0000000000}\n")), .. new byte[length % 16]];

    private LinuxLogCap Open(string? log = null) => new(log ?? _log, Cap, new OpenFileTable(new FakeTimeProvider()));
}
