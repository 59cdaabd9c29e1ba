using System.Buffers;
using System.Text;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;
using static Stormly.Deploy.Core.Tests.Requests.Contracts;

namespace Stormly.Deploy.Core.Tests.Requests;

/// <summary>
/// Bodies that are made to hurt. None of these tests looks at a clock: work that grows with the square of such a body would take hours.
/// </summary>
public sealed class HostileBodyTests
{
    private const int Mebi = 1024 * 1024;

    private static readonly RequestContract Wide = OneTab(
        new RequestOptions { MaxBodyBytes = 64 * Mebi },
        [.. Enumerable.Range(0, 200).Select(i => Input($"feature_{i}", feature: Feature($"feature_{i}", NativeType.Integer)))]);

    private static readonly RequestContract Free = OneTab(new RequestOptions { MaxBodyBytes = 64 * Mebi });

    [Theory]
    [Trait("Fault", "70")]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public void WriteRequestBody_DepthBomb_IsRefusedAtTheBound(string open)
    {
        var problem = Assert.Single(Free.Refuse("{\"props\":{\"x\":" + Repeat(open, 200_000)));

        Assert.Contains("nested deeper than 64 levels", problem.Rule, StringComparison.Ordinal);
        Assert.StartsWith("/props/x/", problem.Pointer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "70")]
    public void WriteRequestBody_DepthOfTheWholeBody_IsWhatCounts()
    {
        Free.Accept("{\"props\":{\"x\":" + Repeat("[", 62) + Repeat("]", 62) + "}}");
        Assert.Single(Free.Refuse("{\"props\":{\"x\":" + Repeat("[", 63) + Repeat("]", 63) + "}}"));
    }

    [Theory]
    [Trait("Fault", "70")]
    [InlineData("\"a\":0", "/props/a")]
    [InlineData("\"\\u0061\":0", "/props/a")]
    [InlineData("\"now\":0", "/props/now")]
    public void WriteRequestBody_AMillionTimesTheSameName_CountsThemAll(string member, string pointer)
    {
        const int Count = 1_000_000;
        var problems = Free.Refuse("{\"props\":{" + Repeat(member + ",", Count - 1) + member + "}}");

        Assert.Equal(51, problems.Length);
        Assert.All(problems[..50], p => Assert.Equal(pointer, p.Pointer));
        Assert.Equal($"has {Count - 1 - 50} more problems that are not listed", problems[50].Rule);
    }

    [Fact]
    [Trait("Fault", "70")]
    public void WriteRequestBody_AMillionNames_AreAllToldApart()
    {
        var members = string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => i % 3 == 0 ? $"\"\\u006b{i}\":0" : $"\"k{i}\":0"));

        Assert.EndsWith(members + "}}", Free.Accept("{\"props\":{" + members + "}}"), StringComparison.Ordinal);
        Assert.Equal("/props/k7", Assert.Single(Free.Refuse("{\"props\":{" + members + ",\"k7\":1}}")).Pointer);
    }

    [Fact]
    [Trait("Fault", "37")]
    public void Check_AMillionNamesOnSeveralLevels_AreAllToldApart()
    {
        var names = string.Join(',', Enumerable.Range(0, 500_000).Select(i => $"\"{i}\":{{\"{i}\":0}}"));
        var good = Encoding.UTF8.GetBytes("[{" + names + "},{" + names + "}]");
        var bad = Encoding.UTF8.GetBytes("[{" + names + "},{" + names + ",\"499999\":1}]");

        Assert.True(ResponseCheck.Check(good, 64).IsOk);
        var verdict = ResponseCheck.Check(bad, 64);
        Assert.Contains("\"499999\" stands twice", verdict.Reason, StringComparison.Ordinal);
        Assert.Equal("/1/499999", verdict.Place.Pointer);
    }

    [Theory]
    [Trait("Fault", "37")]
    [InlineData("{\"a\":1,\"b\":2},")]
    [InlineData("{\"\\u0061\":1,\"\\u0062\":2},")]
    public void Check_AMillionSmallObjects_NeedsMemoryForOneOnly(string small)
    {
        var body = Encoding.UTF8.GetBytes("[" + Repeat(small, 1_000_000) + "{}]");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.True(ResponseCheck.Check(body, 64).IsOk);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
    }

    [Fact]
    [Trait("Fault", "70")]
    public void WriteRequestBody_EverythingMissingAndManySlips_IsBounded()
    {
        var slips = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"featur_{i}\":0"));

        var problems = Wide.Refuse("{\"props\":{" + slips + "}}");

        Assert.Equal(51, problems.Length);
        Assert.EndsWith("\"featur_0\" was sent: did you mean \"feature_0\"?", problems[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "70")]
    public void WriteRequestBody_HugeStringAndNumber_ArePassedOnOrNamedShortly()
    {
        var text = new string('x', Mebi);
        var digits = new string('9', Mebi);

        Assert.EndsWith($"\"s\":\"{text}\",\"n\":{digits}}}}}", Free.Accept($$$"""{"props":{"s":"{{{text}}}","n":{{{digits}}}}}"""), StringComparison.Ordinal);
        var narrow = OneTab(new RequestOptions { MaxBodyBytes = 64 * Mebi }, Input("feature_0", feature: Feature("feature_0", NativeType.Integer)));
        Assert.All(
            [$"\"{text}\"", digits, "-" + digits, $"1.5{digits}", $"1e{digits}"],
            value => Assert.InRange(Assert.Single(narrow.Refuse($$$"""{"props":{"feature_0":{{{value}}}}}""")).ToString().Length, 10, 400));
    }

    [Theory]
    [Trait("Fault", "70")]
    [InlineData("\\ud800")]
    [InlineData("\\u0041")]
    [InlineData("\\\\")]
    [InlineData("\\ud83d\\ude00")]
    public void WriteRequestBody_AMebibyteOfEscapes_IsReadOnce(string escape)
    {
        var body = "{\"props\":{\"" + Repeat(escape, Mebi / escape.Length) + "\":\"" + Repeat(escape, Mebi / escape.Length) + "\"}}";

        Assert.Equal(escape != "\\ud800", Free.Send(body).Check.IsOk);
    }

    [Fact]
    [Trait("Fault", "37")]
    public void Check_InvalidByteAtTheEndOfAMebibyte_IsFound()
    {
        var body = new byte[Mebi];
        body.AsSpan().Fill((byte)' ');
        "[\""u8.CopyTo(body);
        body[^1] = 0xC3;

        Assert.Equal(Mebi - 1, ResponseCheck.Check(body, 64).Offset);
    }

    [Fact]
    public void WriteRequestBody_AfterHostileBodies_NextOneIsClean()
    {
        for (var i = 0; i < 100; i++)
        {
            Free.Send("{\"props\":{\"a\\u0061\":1,\"b\":{\"c\":[{\"d\":" + Repeat("[", i));
            ResponseCheck.Check("{\"a\":{\"b\\u0062\":{\"b\":1,\"b\":2}}}"u8, 64);
        }

        Assert.Equal("""{"props":{"now":1700000000,"a":1,"b":{"b":1}}}""", Free.Accept("""{"props":{"a":1,"b":{"b":1}}}"""));
    }

    [Fact]
    public void WriteRequestBody_Refused_LeavesTheOutputAsItWas()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write("before"u8);

        Assert.False(Free.WriteRequestBody("{\"props\":{\"a\":1,\"a\":2}}"u8, output, Now).IsOk);
        Assert.False(Free.WriteRequestBody("{\"props\":{\"a\":1"u8, output, Now).IsOk);

        Assert.Equal("before"u8, output.WrittenSpan);
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
