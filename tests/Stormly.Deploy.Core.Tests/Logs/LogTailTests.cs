using System.Diagnostics;
using System.Threading.Channels;
using Stormly.Deploy.Logs;

namespace Stormly.Deploy.Core.Tests.Logs;

/// <summary>The end of a log, whatever was written, and following it through everything that happens to a log.</summary>
public sealed class LogTailTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _log;

    public LogTailTests() => _log = _folder.File("plugin.log");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string[]> Texts => new()
    {
        { "", [] },
        { "\n", [""] },
        { "one", ["one"] },
        { "one\n", ["one"] },
        { "one\r\ntwo\tx\n", ["one", "two\tx"] },
        { "\none\n\ntwo\n\n", ["", "one", "", "two", ""] },
        { "\0\0\0\0one\n", ["one"] },
        { "a\0b\n\0\0\n", ["ab"] },
        { "\u001b[31mred\u001b[0m\u202e\n", ["\\u001b[31mred\\u001b[0m\\u202e"] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    [Trait("Fault", "30")]
    public void ReadLast_AnyText_GivesPrintableLines(string text, string[] expected)
    {
        File.WriteAllText(_log, text);

        Assert.Equal(expected, LogTail.ReadLast(_log, 100));
    }

    [Fact]
    [Trait("Fault", "30")]
    public void ReadLast_BrokenUtf8_ShowsTheReplacement()
    {
        File.WriteAllBytes(_log, [(byte)'a', 0xff, (byte)'b', (byte)'\n']);

        Assert.Equal(["a\ufffdb"], LogTail.ReadLast(_log, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20_000)]
    public void ReadLast_ManyChunks_GivesTheLastLinesInOrder(int lines)
    {
        var all = Enumerable.Range(0, 20_000).Select(i => $"line {i} {new string('x', i % 50)}").ToList();
        File.WriteAllLines(_log, all);

        Assert.Equal(all.TakeLast(lines), LogTail.ReadLast(_log, lines));
    }

    [Fact]
    public void ReadLast_MoreThanMaxBytes_LooksNoFurther()
    {
        File.WriteAllLines(_log, Enumerable.Range(0, 1000).Select(i => $"{i:000}"));

        Assert.Equal(["997", "998", "999"], LogTail.ReadLast(_log, 1000, maxBytes: 12));
    }

    [Theory]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    [InlineData(262_144)]
    [Trait("Fault", "30")]
    public void ReadLast_LineWithoutEnd_ComesInPiecesAndLosesNothing(int length)
    {
        var text = new string('x', length);
        File.WriteAllText(_log, "before\n" + text + "\nafter\n");

        var lines = LogTail.ReadLast(_log, 100);

        Assert.Equal(("before", "after"), (lines[0], lines[^1]));
        Assert.Equal(text, string.Concat(lines.Skip(1).SkipLast(1)));
        Assert.All(lines, l => Assert.InRange(l.Length, 1, 2 * 65_536));
    }

    [Fact]
    public void ReadLast_HeadOfManyGigabytesIsAHole_DoesNotReadIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finding data in a file with holes is Linux's");
        using (var stream = File.Create(_log))
        {
            stream.Seek(200L << 30, SeekOrigin.Begin);
            stream.Write("last\n"u8);
        }

        Assert.Equal(["last"], LogTail.ReadLast(_log, 100, int.MaxValue));
    }

    [Fact]
    [Trait("Fault", "51")]
    public void ReadLast_NoOrdinaryFile_IsEmptyAndWaitsForNobody()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "named pipes are Linux's");
        Assert.Empty(LogTail.ReadLast(_log, 10));
        Assert.Empty(LogTail.ReadLast(_folder.Path, 10));
        using (var make = Process.Start("mkfifo", _folder.File("pipe")))
        {
            make.WaitForExit();
        }

        Assert.Empty(LogTail.ReadLast(_folder.File("pipe"), 10));
        File.WriteAllText(_folder.File("secret"), "secret\n");
        File.CreateSymbolicLink(_log, _folder.File("secret"));
        Assert.Empty(LogTail.ReadLast(_log, 10));
    }

    [Fact]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public async Task FollowAsync_CutEmptiedRotatedDeleted_GivesEveryNewLineOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "telling one file from another by its inode is Linux's");
        var cancellation = TestContext.Current.CancellationToken;
        File.WriteAllText(_log, "old\n");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var seen = Channel.CreateUnbounded<string>();
        var following = FollowInto(seen.Writer, stop.Token);
        await ExpectAsync(seen.Reader, "first");

        await ExpectAsync(seen.Reader, "half", " and half");

        File.AppendAllLines(_log, Enumerable.Range(0, 2000).Select(i => $"filler {i}"));
        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal($"filler {i}", await seen.Reader.ReadAsync(cancellation));
        }

        CollapseHead(_log, 8192);
        await ExpectAsync(seen.Reader, "after the head was removed");

        using (var emptied = new FileStream(_log, FileMode.Truncate))
        {
        }

        await ExpectAsync(seen.Reader, "after it was emptied");
        File.Move(_log, _log + ".1");
        File.AppendAllText(_log + ".1", "into the rotated file\n");
        Assert.Equal("into the rotated file", await seen.Reader.ReadAsync(cancellation));
        await ExpectAsync(seen.Reader, "after it was rotated");
        File.Delete(_log);
        await ExpectAsync(seen.Reader, "after it was deleted");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        Assert.False(seen.Reader.TryRead(out _));
    }

    private async Task FollowInto(ChannelWriter<string> seen, CancellationToken cancellation)
    {
        await foreach (var line in LogTail.FollowAsync(_log, TimeProvider.System, cancellation))
        {
            seen.TryWrite(line);
        }
    }

    private async Task ExpectAsync(ChannelReader<string> seen, params string[] parts)
    {
        foreach (var part in parts)
        {
            File.AppendAllText(_log, part);
        }

        File.AppendAllText(_log, "\n");
        Assert.Equal(string.Concat(parts), await seen.ReadAsync(TestContext.Current.CancellationToken));
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static void CollapseHead(string log, long bytes)
    {
        using var folder = NativeFile.OpenFolder(Path.GetDirectoryName(log)!);
        using var file = NativeFile.OpenForCut(folder!, Path.GetFileName(log));
        if (!NativeFile.TryCollapseHead(file!, bytes))
        {
            NativeFile.TryPunchHead(file!, bytes);
        }
    }
}
