using System.Text;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Storage;

/// <summary>What bytes on a disk are taken for: whole records, a write that a crash cut short, or something that nobody wrote.</summary>
[Trait("Fault", "55")]
public sealed class JournalScanTests
{
    private static readonly byte[] First = JournalRecord.First(PluginName.Parse("churn")).ToFrame();
    private static readonly byte[] Second = JournalFrame.Write("""{"n":1,"state":{"a":1}}"""u8);
    private static readonly byte[] Last = JournalFrame.Write("""{"n":2,"decisions":[]}"""u8);
    private static readonly byte[] Whole = [.. First, .. Second, .. Last];

    [Fact]
    public void Of_WhatWasWritten_IsReadBackToTheLastByte()
    {
        var scan = JournalScan.Of(Whole);

        Assert.Equal((null, null, Whole.Length), (scan.Torn, scan.Corrupt, (int)scan.Length));
        Assert.Equal(["""{"n":1,"state":{"a":1}}""", """{"n":2,"decisions":[]}"""], scan.Frames[1..].Select(f => Encoding.UTF8.GetString(f.Payload.Span)));
        Assert.Equal([0, First.Length, First.Length + Second.Length], scan.Frames.Select(f => f.Offset));
    }

    /// <summary>At every byte of the last record: all before it is there, and what is left of it is torn.</summary>
    [Fact]
    public void Of_CutAnywhereInTheLastRecord_KeepsEverythingBeforeIt()
    {
        for (var length = Whole.Length - Last.Length + 1; length < Whole.Length; length++)
        {
            var scan = JournalScan.Of(Whole.AsMemory(0, length));

            Assert.True(scan is { Torn: not null, Corrupt: null, Frames.Length: 2 }, $"cut at {length}: {scan.Corrupt}");
            Assert.Equal(Whole.Length - Last.Length, scan.Length);
        }
    }

    /// <summary>The file got its new length, but not, or not wholly, its new content: zeros from anywhere on, or a sector of them in the middle.</summary>
    [Fact]
    public void Of_LastRecordPartlyUnwritten_IsTorn()
    {
        for (var from = Whole.Length - Last.Length; from < Whole.Length - 1; from++)
        {
            var text = Whole.ToArray();
            text.AsSpan(from).Clear();

            Assert.True(JournalScan.Of(text) is { Torn: not null, Corrupt: null, Frames.Length: 2 }, $"zeros from {from} on");
        }

        var large = JournalFrame.Write(Encoding.UTF8.GetBytes($$"""{"n":1,"x":"{{new string('x', 2000)}}"}"""));
        large.AsSpan(512, 512).Clear();
        Assert.True(JournalScan.Of((byte[])[.. First, .. large]) is { Torn: not null, Corrupt: null, Frames.Length: 1 });
    }

    /// <summary>Every single byte of a whole journal changed, in three ways: nothing of it is believed, and nothing is taken for a torn write.</summary>
    [Theory]
    [InlineData(0x01)]
    [InlineData(0x20)]
    [InlineData(0xFF)]
    public void Of_AnyByteChanged_IsRefused(byte change)
    {
        for (var at = 0; at < Whole.Length; at++)
        {
            var text = Whole.ToArray();
            text[at] ^= change;

            var scan = JournalScan.Of(text);

            Assert.True(scan is { Corrupt: not null, Torn: null }, $"byte {at}: {scan.Torn ?? "taken for whole"}");
            Assert.Contains(at < First.Length ? "record 0 (line 1, byte 0)" : at < First.Length + Second.Length ? $"record 1 (line 2, byte {First.Length})" : "record 2 (line 3", scan.Corrupt, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_RecordCutShortBeforeAnother_IsRefused()
    {
        for (var kept = 1; kept < Second.Length; kept++)
        {
            Assert.NotNull(JournalScan.Of((byte[])[.. First, .. Second[..kept], .. Last]).Corrupt);
        }
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("{\"version\": 1}\n", "record 0 (line 1, byte 0) does not begin as a record does")]
    public void Of_NoJournal_IsRefused(string text, string why) => Assert.Equal(why, JournalScan.Of(Encoding.UTF8.GetBytes(text)).Corrupt);

    [Theory]
    [InlineData("\n")]
    [InlineData("something that somebody wrote at the end, longer than any header\n")]
    [InlineData("short")]
    public void Of_SomethingElseAtTheEnd_IsRefused(string more) => Assert.NotNull(JournalScan.Of((byte[])[.. Whole, .. Encoding.UTF8.GetBytes(more)]).Corrupt);

    [Fact]
    public void Of_FirstRecordCutShort_IsRefusedBecauseItIsNeverWrittenInPlace()
    {
        for (var length = 0; length < First.Length; length++)
        {
            Assert.NotNull(JournalScan.Of(First.AsMemory(0, length)).Corrupt);
        }
    }
}
