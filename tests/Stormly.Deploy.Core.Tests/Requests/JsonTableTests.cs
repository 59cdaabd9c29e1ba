using System.Text;
using Stormly.Deploy.Requests;
using static Stormly.Deploy.Core.Tests.Requests.Contracts;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class JsonTableTests
{
    private const int Depth = 64;

    private static readonly RequestContract Free = OneTab(null);

    public static TheoryData<string> Good => [.. JsonCases.Good];

    public static TheoryData<string> Bad => [.. JsonCases.Bad];

    [Fact]
    public void Table_HoldsEnoughCases()
    {
        Assert.True(JsonCases.Good.Length >= 60);
        Assert.True(JsonCases.Bad.Length >= 100);
        Assert.Equal(JsonCases.Good.Length, JsonCases.Good.Distinct().Count());
        Assert.Equal(JsonCases.Bad.Length, JsonCases.Bad.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void Check_GoodValueInsideAnArray_IsAccepted(string value)
    {
        var verdict = ResponseCheck.Check(Encoding.UTF8.GetBytes($"[{value}]"), Depth);

        Assert.True(verdict.IsOk, verdict.Reason);
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void WriteRequestBody_GoodValue_IsPassedOnAsWritten(string value)
        => Assert.Equal($$$"""{"props":{"now":1700000000,"x":{{{value}}},"y":1}}""", Free.Accept($$$"""{"props":{"x":{{{value}}},"y":1}}"""));

    [Theory]
    [Trait("Fault", "37")]
    [MemberData(nameof(Bad))]
    public void Check_BadText_IsRefusedWithAReasonAndAPlace(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);

        AssertRefused(body);
        AssertRefused([.. "[0,"u8, .. body, .. "]"u8]);
        AssertRefused([.. "{\"x\":"u8, .. body, .. "}"u8]);
    }

    [Theory]
    [Trait("Fault", "70")]
    [MemberData(nameof(Bad))]
    public void WriteRequestBody_BadText_IsRefusedInFrontInsideAndBehind(string text)
    {
        Assert.NotEmpty(Free.Refuse(text));
        AssertOneRefusal(Free.Refuse("{\"props\":{\"x\":" + text + "}}"));
        if (text.Trim().Length > 0)
        {
            AssertOneRefusal(Free.Refuse("{\"props\":{}}" + text));
        }
    }

    [Fact]
    [Trait("Fault", "37")]
    public void Check_BytesThatAreNoText_AreRefused() => Assert.All(JsonCases.BadBytes, AssertRefused);

    [Fact]
    [Trait("Fault", "70")]
    public void WriteRequestBody_BytesThatAreNoText_AreRefused() => Assert.All(JsonCases.BadBytes, bytes =>
    {
        Assert.False(Free.Send(bytes).Check.IsOk);
        Assert.False(Free.Send([.. "{\"props\":"u8, .. bytes, .. "}"u8]).Check.IsOk);
    });

    private static void AssertRefused(byte[] body)
    {
        var verdict = ResponseCheck.Check(body, Depth);
        Assert.False(verdict.IsOk, "accepted: " + Encoding.UTF8.GetString(body));
        Assert.StartsWith("not a JSON object or array: ", verdict.Reason, StringComparison.Ordinal);
        Assert.InRange(verdict.Offset, 0, body.Length);
        Assert.InRange(verdict.Place.Line, 1, 1 + body.Count(b => b == '\n'));
        Assert.InRange(verdict.Place.Column, 1, body.Length + 1);
        Assert.DoesNotContain(verdict.Reason!, char.IsControl);
    }

    private static void AssertOneRefusal(IReadOnlyCollection<RequestProblem> problems)
    {
        var problem = Assert.Single(problems);
        Assert.DoesNotContain(problem.ToString(), char.IsControl);
        Assert.InRange(problem.ToString().Length, 10, 400);
    }
}
