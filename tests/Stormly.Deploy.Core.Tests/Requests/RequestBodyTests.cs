using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;
using static Stormly.Deploy.Core.Tests.Requests.Contracts;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class RequestBodyTests
{
    private static readonly RequestContract Free = OneTab(null);

    [Theory]
    [InlineData("""{"props":{}}""", """{"props":{"now":1700000000}}""")]
    [InlineData("""{"props":{ }}""", """{"props":{"now":1700000000}}""")]
    [InlineData("{}", """{"props":{"now":1700000000}}""")]
    [InlineData("""{"props":{"a":1}}""", """{"props":{"now":1700000000,"a":1}}""")]
    [InlineData("""{"context":{"ip":"::1"},"props":{"a":1}}""", """{"props":{"now":1700000000,"a":1}}""")]
    [InlineData("""{"\u0070rops":{"a":1}}""", """{"props":{"now":1700000000,"a":1}}""")]
    public void WriteRequestBody_GoodBody_PutsNowBeforeTheCallersProps(string body, string expected) => Assert.Equal(expected, Free.Accept(body));

    [Theory]
    [InlineData("""1.0""")]
    [InlineData("""4.00e+0""")]
    [InlineData("""123456789012345678901234567890""")]
    [InlineData("""-0""")]
    [InlineData("""1e999999""")]
    [InlineData("\"\\u00e9\\/\\u0022 \\ud83d\\ude00 é😀\"")]
    [InlineData("""{ "b" : [ 1 , { } , null ],"a":0 }""")]
    public void WriteRequestBody_AnyValue_ReachesThePluginAsWritten(string value)
        => Assert.Equal($$$"""{"props":{"now":1700000000,"x\u0041" : {{{value}}}}}""", Free.Accept($$$"""{"props": { "x\u0041" : {{{value}}} } }"""));

    [Theory]
    [Trait("Fault", "74")]
    [InlineData("""{"props":{"now":1}}""", """{"props":{"now":1700000000}}""")]
    [InlineData("""{"props":{"\u006eow":1}}""", """{"props":{"now":1700000000}}""")]
    [InlineData("""{"props":{"\u006e\u006F\u0077":{"now":[1]}}}""", """{"props":{"now":1700000000}}""")]
    [InlineData("""{"props":{"now":1,"a":2}}""", """{"props":{"now":1700000000,"a":2}}""")]
    [InlineData("""{"props":{"a":2 , "now" : "x" }}""", """{"props":{"now":1700000000,"a":2}}""")]
    [InlineData("""{"props":{"a":",","now":[1,2],"b":"," , "c":3}}""", """{"props":{"now":1700000000,"a":",","b":"," , "c":3}}""")]
    [InlineData("""{"props":{"Now":1,"now ":2,"a":{"now":3}}}""", """{"props":{"now":1700000000,"Now":1,"now ":2,"a":{"now":3}}}""")]
    public void WriteRequestBody_CallersNow_IsDroppedHoweverItIsWritten(string body, string expected) => Assert.Equal(expected, Free.Accept(body));

    [Theory]
    [InlineData(NowFormat.UnixSeconds, "1700000000")]
    [InlineData(NowFormat.UnixMilliseconds, "1700000000123")]
    [InlineData(NowFormat.Iso8601, "\"2023-11-14T22:13:20.123Z\"")]
    public void WriteRequestBody_NowFormat_IsTheOneOfTheSetting(NowFormat format, string expected)
    {
        var contract = OneTab(new RequestOptions { NowFormat = format });

        Assert.Equal($$$"""{"props":{"now":{{{expected}}}}}""", contract.Accept("""{"props":{}}"""));
        Assert.Equal($$$"""{"props":{"now":{{{expected}}}}}""", contract.StatusBody());
    }

    [Fact]
    public void WriteRequestBody_NowWithAnOffset_IsUniversalTime()
    {
        var output = new PooledBufferWriter();
        OneTab(new RequestOptions { NowFormat = NowFormat.Iso8601 }).WriteRequestBody("{}"u8, output, Now.ToOffset(TimeSpan.FromHours(5)));

        Assert.Equal("""{"props":{"now":"2023-11-14T22:13:20.123Z"}}"""u8, output.WrittenSpan);
    }

    [Fact]
    [Trait("Fault", "74")]
    public void WriteRequestBody_CallersFeature_WinsOverTheMostCommonValue()
    {
        var feature = Feature("feature_a", NativeType.String, "\"NL\"");
        var contract = OneTab(new RequestOptions { FillMissingFeatures = true }, Input("feature_a", feature: feature));

        Assert.Equal("""{"props":{"now":1700000000,"feature_a":"DE"}}""", contract.Accept("""{"props":{"feature_a":"DE"}}"""));
        Assert.Equal("""{"props":{"now":1700000000,"feature_\u0061":"DE"}}""", contract.Accept("""{"props":{"feature_\u0061":"DE"}}"""));
    }

    [Fact]
    [Trait("Fault", "64")]
    public void WriteRequestBody_NamesOfOtherLanguagesObjects_ArePassedOnAsData()
        => Assert.Equal(
            """{"props":{"now":1700000000,"__proto__":{"x":1},"constructor":2,"$ref":"#","":0}}""",
            Free.Accept("""{"props":{"__proto__":{"x":1},"constructor":2,"$ref":"#","":0}}"""));

    [Fact]
    public void WriteRequestBody_TooLarge_IsRefusedUnread()
    {
        var contract = OneTab(new RequestOptions { MaxBodyBytes = 20 });

        Assert.True(contract.Send("""{"props":{"a":"xx"}}""").Check.IsOk);
        var (check, output) = contract.Send("""{"props":{"a":"xxx"}}""");

        Assert.True(check.IsTooLarge);
        Assert.Equal("must have at most 20 bytes, has 21", Assert.Single(check.Problems).Rule);
        Assert.Equal("", output);
    }
}
