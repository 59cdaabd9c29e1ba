using System.Text;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Stages;

/// <summary>What is a document and what is none, as a table; every row in <c>data</c> of a stage result, where anything may stand.</summary>
public sealed class JsonTableTests
{
    public static readonly string[] Accepted =
    [
        "0", "-0", "1", "-1", "10", "123456789012345678901234567890", "0.0", "-0.5", "1.25", "1e1", "1E1", "1e+1", "1e-1", "0e0", "1.5e300", "1e999",
        "true", "false", "null", "\"\"", "\" \"", "\"a\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"\\b\\f\\n\\r\\t\"", "\"\\u0000\"", "\"\\u00e9\"", "\"\\uD83D\\uDE00\"",
        "\"\\ud83d\\ude00\\ud83d\\ude00\"", "\"\\\\ud800\"", "\"\\uFFFF\"", "\"é\"", "\"😀\"", "\"\u007f\"", "\"\u2028\"", "\"\uFEFF\"", "[]", "[ ]", "[1]", "[1,2]", "[ 1 , 2 ]", "[[]]",
        "[[],[[]]]", "[null]", "{}", "{ }", "{\"a\":1}", "{\"a\":1,\"b\":2}", "{\"\":0}", "{\"a\":{\"a\":{\"a\":0}}}", "[{\"a\":1},{\"a\":1}]", "{\"\\u0000\":1}", "{\"a\\\\b\":1,\"a\\/b\":2}",
        "\t1", "\r\n1\r\n", "[\t1,\n2\r]", "{\"toString\":1,\"__proto__\":2}", "{\"A\":1,\"a\":2}",
    ];

    public static readonly string[] Refused =
    [
        "", "-", "+1", ".5", "1.", "1.e1", "01", "-01", "00", "1e", "1e+", "1e1.5", "0x10", "1_000", "1,000", "٣", "--1", "1 2", "Inf", "nan", "NULL", "True", "None", "undefined", "tru", "truee", "nul",
        "'a'", "\"", "\"a", "a\"", "\"\\\"", "\"\\x\"", "\"\\u\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\U0041\"", "\"\\a\"", "\"\\0\"", "\"\n\"", "\"\t\"", "\"\0\"", "\"\u001f\"", "\0", "1\0", "\f1", "\u00A01",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\udc00\\ud800\"", "\"\\ud800\\ud800\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\n\\u0041\"", "\"\\ud800\\\\udc00\"", "\"\\uD800\\u0041\"", "{\"\\ud800\":1}", "[\"\\uDFFF\"]",
        "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1;2]", "[1]]", "[[1]", "(1)", "[1,2}", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{\"a\"::1}",
        "{a:1}", "{'a':1}", "{1:1}", "{null:1}", "{\"a\":1 \"b\":2}", "{\"a\":1;\"b\":2}", "{\"a\"}", "{\"a\":1]", "{\"a\":1}}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"é\":1,\"\\u00e9\":2}", "{\"\":1,\"\":2}",
        "1 // c", "/* c */ 1", "# c\n1", "[1, // c\n2]", "{\"a\": /* c */ 1}", "1 --", "<a/>", "&", "@", "\\u0041", "*", "[NaN1]", "[-NaN]", "[+Infinity]", "[Infinity1]", "{NaN:1}",
    ];

    public static TheoryData<string> AcceptedRows() => [.. Accepted];

    public static TheoryData<string> RefusedRows() => [.. Refused];

    [Theory]
    [MemberData(nameof(AcceptedRows))]
    public void Read_Json_IsAccepted(string json)
    {
        var reading = ContractExamples.Stage("{\"data\": " + json + "}");

        Assert.Empty(reading.Problems);
        Assert.NotNull(reading.Result);
    }

    [Theory]
    [MemberData(nameof(AcceptedRows))]
    public void Merge_JsonAsOptions_KeepsItsText(string json)
    {
        var spec = ContractExamples.Merge(ContractExamples.Http(("options", json))).Spec!;

        Assert.Equal(json == "null" ? null : json.Trim(), spec.Options?.ToString());
    }

    [Theory]
    [MemberData(nameof(RefusedRows))]
    public void Read_NotJson_IsRefusedWithOneLineAndAPosition(string json)
    {
        var reading = ContractExamples.Stage("{\"data\": " + json + "}");

        Assert.Null(reading.Result);
        Assert.NotEmpty(reading.Problems);
        Assert.All(reading.Problems, p =>
        {
            Assert.Equal(ProblemSeverity.Error, p.Severity);
            Assert.True(p.Position is { Line: >= 1, Column: >= 1 });
            Assert.DoesNotContain(p.ToString(), char.IsControl);
        });
    }

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
    [InlineData("{\"a\": \"\n\"}", "control characters")]
    [InlineData("{\"a\": 1\0}", "NUL byte")]
    [InlineData("{\"a\": [1", "ends too early")]
    [InlineData("{\"a\": @}", "'@' cannot stand here")]
    [InlineData("{\"a\": \u202E}", "the byte 0xE2 cannot stand here")]
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
