using System.Text;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Stages;

/// <summary>Whole documents: mistakes that are seen often, bounds, damage. The table of JSON itself stands with the reader (<see cref="Json.JsonTableTests"/>).</summary>
public sealed class DocumentTextTests
{
    [Fact]
    public void Read_EveryPrefixOfADocument_IsRefusedWithoutAnException()
    {
        var whole = ContractExamples.Bytes("results-trainMore.json").AsSpan().TrimEnd("\n"u8).ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.True(StageResult.Read("s", "f", whole.AsMemory(0, length)).HasErrors);
        }

        Assert.False(StageResult.Read("s", "f", whole).HasErrors);
    }

    [Fact]
    public void Read_AnyByteChanged_NeverThrows()
    {
        var good = ContractExamples.Bytes("results-initial.json");
        var manifest = ContractExamples.Bytes("manifest-trainMore.json");
        CsCheck.Check.Sample(
            CsCheck.Gen.Select(CsCheck.Gen.Int[0, 5000], CsCheck.Gen.Byte, CsCheck.Gen.Int[0, 5000], CsCheck.Gen.Byte),
            (first, a, second, b) =>
            {
                var copy = good.ToArray();
                (copy[first % copy.Length], copy[second % copy.Length]) = (a, b);
                if (StageResult.Read("s", "f", copy).Result is { } result)
                {
                    HttpSpecMerge.Merge([result]);
                }

                var other = manifest.ToArray();
                (other[first % other.Length], other[second % other.Length]) = (a, b);
                Deploy.Manifests.PluginManifest.Read("m", other);
            },
            iter: 5000);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \r\n\t", "empty")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("null", "must be a JSON object")]
    [InlineData("\"text\"", "must be a JSON object")]
    [InlineData("NaN", "must be a JSON object")]
    [InlineData("{'a': 1}", "not with '")]
    [InlineData("{\"a\": None}", "small letters")]
    [InlineData("{\"a\": \"\n\"}", "control character")]
    [InlineData("{\"a\": 1\0}", "NUL byte")]
    [InlineData("{\"a\": [1", "ends before it is complete")]
    [InlineData("{\"a\": @}", "'@' is not allowed here")]
    [InlineData("{\"a\": \u202E}", "'\\u202e' is not allowed here")]
    public void Read_CommonMistakes_AreNamed(string text, string word)
        => Assert.Contains(word, Assert.Single(ContractExamples.Stage(text).Problems, p => p.Severity == ProblemSeverity.Error).Rule, StringComparison.Ordinal);

    [Fact]
    public void Read_Nesting_IsTakenTo64LevelsAndNotBeyond()
    {
        static StageReading Nested(int levels, string close) => ContractExamples.Stage("{\"d\":" + new string('[', levels - 1) + (close.Length == 0 ? "" : new string(']', levels - 1) + close));

        Assert.Empty(Nested(64, "}").Problems);
        foreach (var reading in new[] { Nested(65, "}"), Nested(100_000, "}"), Nested(1_000_000, "") })
        {
            var problem = Assert.Single(reading.Problems);
            Assert.Contains("deeper than 64 levels", problem.Rule, StringComparison.Ordinal);
            Assert.Equal((1L, 69L), problem.Position);
        }
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"' }, 2)]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'{', 0xC3 }, 4)]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' }, 1)]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' }, 1)]
    public void Read_InvalidUtf8_SaysTheOffset(byte[] bytes, int offset)
        => Assert.Contains($"the byte at offset {offset} is not", Assert.Single(StageResult.Read("s", "f", bytes).Problems).Rule, StringComparison.Ordinal);

    [Fact]
    public void Read_Utf16_SaysSo()
        => Assert.Contains("UTF-16", Assert.Single(StageResult.Read("s", "f", (byte[])[0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{}")]).Problems).Rule, StringComparison.Ordinal);

    [Fact]
    public void Read_FiftyMegabytes_AreReadWithoutATree()
    {
        var text = Encoding.UTF8.GetBytes("{\"data\": [" + string.Join(",", Enumerable.Repeat("{\"a\":1,\"b\":[0.5]}", 2_900_000)) + "], \"http\": {\"port\": 1}}");
        Assert.InRange(text.Length, 50_000_000, StageResult.MaxBytes);
        StageResult.Read("warm", "up", "{\"http\": {}}"u8.ToArray());

        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = StageResult.Read("s", "f", text);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("{\"port\": 1}", reading.Result!.Http.ToString());
        Assert.InRange(allocated, 0, 100_000);
    }

    [Fact]
    public void Read_MoreThanTheLimit_IsRefusedUnread()
        => Assert.Contains("at most 67108864 bytes", Assert.Single(StageResult.Read("s", "f", new byte[StageResult.MaxBytes + 1]).Problems).Rule, StringComparison.Ordinal);

    [Fact]
    public void Read_ManyDuplicatesAndOneHugeObject_EndsSoon()
    {
        var keys = string.Join(",", Enumerable.Range(0, 300_000).Select(i => $"\"k{i}\":0"));
        var small = string.Join(",", Enumerable.Repeat("{\"a\":0,\"a\":1}", 300_000));

        var reading = ContractExamples.Stage($"{{\"big\": {{{keys}}}, \"small\": [{small}]}}");

        Assert.Null(reading.Result);
        Assert.Equal(ProblemList.MaxListed + 1, reading.Problems.Length);
        Assert.Contains("/small/0/a", reading.Problems[0].Pointer, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HugeKeysAndValues_GiveShortMessages()
    {
        var reading = ContractExamples.Stage($"{{\"{new string('k', 1_000_000)}\": NaN, \"a\": \"\\ud800{new string('v', 1_000_000)}\"}}");

        Assert.Equal(2, reading.Problems.Length);
        Assert.All(reading.Problems, p => Assert.InRange(p.ToString().Length, 1, 1000));
    }
}
