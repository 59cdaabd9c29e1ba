using System.Text;
using Stormly.Deploy.Json;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class ResponseCheckTests
{
    private const int Depth = 64;

    [Theory]
    [InlineData("{}")]
    [InlineData(" [ ] ")]
    [InlineData("""{"score":0.9998,"label":"A"}""")]
    [InlineData("""[[0.9998,"A"],[0.1034,"B"]]""")]
    public void Check_ObjectOrArray_IsGood(string body) => Assert.True(ResponseCheck.Check(Encoding.UTF8.GetBytes(body), Depth).IsOk);

    [Theory]
    [Trait("Fault", "37")]
    [InlineData("", "nothing was sent (line 1, column 1)")]
    [InlineData(" \r\n\t ", "nothing was sent (line 2, column 3)")]
    [InlineData("0.5", "it is a single value (line 1, column 1)")]
    [InlineData("\n  \"ok\"", "it is a single value (line 2, column 3)")]
    [InlineData("null", "it is a single value (line 1, column 1)")]
    [InlineData("{\"a\":{\"b\":[1,NaN]}}", "NaN, Infinity and -Infinity are not JSON (Python's json.dumps writes them unless allow_nan is False) (line 1, column 14, at /a/b/1)")]
    [InlineData("[-Infinity]", "NaN, Infinity and -Infinity are not JSON (Python's json.dumps writes them unless allow_nan is False) (line 1, column 3, at /0)")]
    [InlineData("{\"é\":1,\n \"b\":tru}", "'}' is not allowed here (line 2, column 9, at /b)")]
    [InlineData("{\"a\":1,}", "there is a comma before '}' with nothing after it (line 1, column 8)")]
    [InlineData("[1, ]", "there is a comma before ']' with nothing after it (line 1, column 5, at /1)")]
    [InlineData("{\"a\": // why\n1}", "a comment is not JSON (line 1, column 7, at /a)")]
    [InlineData("{'a':1}", "text is quoted with \" and not with ' (line 1, column 2)")]
    [InlineData("{\"a\":[1,2", "it ends before it is complete (line 1, column 10, at /a/1)")]
    [InlineData("{\"a\":\"x", "it ends before it is complete (line 1, column 8, at /a)")]
    [InlineData("{\"a\":1} x", "'x' is not allowed here (line 1, column 9)")]
    [InlineData("<html>", "'<' is not allowed here (line 1, column 1)")]
    [InlineData("{\"a\":\"x\ny\"}", "the control character U+000A is not allowed here (line 1, column 8, at /a)")]
    [InlineData("{\"x\":[{\"a/b\":1,\"c\":2,\"a\\/b\":3}]}", "the name \"a\\/b\" stands twice in the same object (line 1, column 22, at /x/0/a~1b)")]
    [InlineData("{\"a\":[0,\"x\\ud800\"]}", "\\ud800 is half of a surrogate pair, which no text can hold (line 1, column 11, at /a/1)")]
    [InlineData("{\"\\ud800\":0}", "\\ud800 is half of a surrogate pair, which no text can hold (line 1, column 3, at /\\ud800)")]
    public void Check_BadBody_SaysWhatAndWhere(string body, string reason)
        => Assert.Equal("not a JSON object or array: " + reason, ResponseCheck.Check(Encoding.UTF8.GetBytes(body), Depth).Reason);

    [Theory]
    [Trait("Fault", "37")]
    [MemberData(nameof(Encodings))]
    public void Check_OtherEncodings_AreNamed(byte[] body, string reason)
        => Assert.Equal("not a JSON object or array: " + reason, ResponseCheck.Check(body, Depth).Reason);

    public static TheoryData<byte[], string> Encodings => new()
    {
        { [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], "it begins with a byte order mark (line 1, column 1)" },
        { Encoding.Unicode.GetBytes("{}"), "it is UTF-16, JSON is sent as UTF-8 (line 1, column 1)" },
        { Encoding.BigEndianUnicode.GetBytes("[1]"), "it is UTF-16, JSON is sent as UTF-8 (line 1, column 1)" },
        { [.. "{\"a\":\n\"é"u8, 0xE9, .. "\"}"u8], "the byte 0xE9 is not UTF-8 here (line 2, column 3, at /a)" },
    };

    [Theory]
    [Trait("Fault", "37")]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Check_Depth_IsAllowedUpToTheBound(char open, char close)
    {
        Assert.True(ResponseCheck.Check(Nested(open, close, Depth), Depth).IsOk);

        var verdict = ResponseCheck.Check(Nested(open, close, Depth + 1), Depth);
        Assert.Contains("nested deeper than 64 levels", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "37")]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("[{\"a\":")]
    public void Check_HundredThousandLevels_IsRefusedAtTheBound(string open)
    {
        var verdict = ResponseCheck.Check(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, 100_000))), Depth);

        Assert.Contains("nested deeper than 64 levels", verdict.Reason, StringComparison.Ordinal);
        Assert.InRange(verdict.Reason!.Length, 10, 600);
    }

    [Fact]
    public void Check_OffsetAndPlace_AreTheSameSpot()
    {
        var verdict = ResponseCheck.Check("[1,\n[2,\n{\"k\":x}]]"u8, Depth);

        Assert.Equal((13, new JsonPlace(3, 6, "/1/1/k")), (verdict.Offset, verdict.Place));
    }

    private static byte[] Nested(char open, char close, int levels)
    {
        var before = open == '[' ? "[" : "{\"a\":";
        var innermost = open == '[' ? "[" : "{";
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(before, levels - 1)) + innermost + new string(close, levels));
    }
}
