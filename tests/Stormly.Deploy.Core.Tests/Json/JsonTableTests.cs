using System.Text;
using Stormly.Deploy.Core.Tests.Requests;
using Stormly.Deploy.Json;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;
using Stormly.Deploy.Stages;
using static Stormly.Deploy.Core.Tests.Requests.Contracts;

namespace Stormly.Deploy.Core.Tests.Json;

/// <summary>One table of what is JSON and what is not, for everybody who reads any.</summary>
public sealed class JsonTableTests
{
    private const int Depth = 64;

    private static readonly RequestContract Free = OneTab(null);

    /// <summary>Everybody who reads JSON that somebody else wrote: who it is, and whether a value is taken where any value may stand.</summary>
    private static readonly (string Name, Func<byte[], bool> Accepts)[] Readers =
    [
        ("the reader", value => ReadsAll(value, goesOn: false)),
        ("the reader that goes on", value => ReadsAll(value, goesOn: true)),
        ("answers", value => ResponseCheck.Check([.. "[0,"u8, .. value, .. "]"u8], Depth).IsOk),
        ("answers, as a member", value => ResponseCheck.Check([.. "{\"x\":"u8, .. value, .. "}"u8], Depth).IsOk),
        ("requests", value => Free.Send([.. "{\"props\":{\"x\":"u8, .. value, .. "}}"u8]).Check.IsOk),
        ("stage results", value => StageResult.Read("s", "f", (byte[])[.. "{\"data\": "u8, .. value, .. "}"u8]) is { Result: not null, Problems: [] }),
        ("manifests", value => PluginManifest.Read("m", (byte[])[.. "{\"stage\": \"s\", \"x\": "u8, .. value, .. "}"u8]).Manifest is not null),
    ];

    public static TheoryData<string> Good => [.. JsonCases.Good];

    public static TheoryData<string> Bad => [.. JsonCases.Bad, .. JsonCases.PythonNumbers];

    public static TheoryData<string> BadEverywhere => [.. JsonCases.Bad];

    public static TheoryData<string> PythonNumbers => [.. JsonCases.PythonNumbers];

    [Fact]
    public void Table_HoldsEnoughCases()
    {
        Assert.True(JsonCases.Good.Length >= 90);
        Assert.True(JsonCases.Bad.Length >= 200);
        Assert.Equal(JsonCases.Good.Length, JsonCases.Good.Distinct().Count());
        Assert.Equal(JsonCases.Bad.Length, JsonCases.Bad.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void Everybody_GoodValue_IsAccepted(string value)
        => Assert.All(Readers, r => Assert.True(r.Accepts(Encoding.UTF8.GetBytes(value)), r.Name));

    [Theory]
    [Trait("Fault", "37")]
    [Trait("Fault", "70")]
    [MemberData(nameof(BadEverywhere))]
    public void Everybody_BadText_IsRefused(string text)
        => Assert.All(Readers, r => Assert.False(r.Accepts(Encoding.UTF8.GetBytes(text)), r.Name));

    [Fact]
    [Trait("Fault", "37")]
    [Trait("Fault", "70")]
    public void Everybody_BytesThatAreNoText_AreRefused()
        => Assert.All(JsonCases.BadBytes, bytes => Assert.All(Readers, r => Assert.False(r.Accepts(bytes), r.Name)));

    [Theory]
    [MemberData(nameof(PythonNumbers))]
    public void Everybody_PythonNumber_IsRefusedAndAStageResultWarns(string word)
    {
        Assert.All(Readers, r => Assert.False(r.Accepts(Encoding.UTF8.GetBytes(word)), r.Name));

        var reading = ContractExamples.Stage("{\"data\": " + word + "}");
        Assert.NotNull(reading.Result);
        Assert.Equal((ProblemSeverity.Warning, word), (Assert.Single(reading.Problems).Severity, reading.Problems[0].Value));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void WriteRequestBody_GoodValue_IsPassedOnAsWritten(string value)
        => Assert.Equal($$$"""{"props":{"now":1700000000,"x":{{{value}}},"y":1}}""", Free.Accept($$$"""{"props":{"x":{{{value}}},"y":1}}"""));

    [Theory]
    [MemberData(nameof(Good))]
    public void Merge_GoodValueAsOptions_KeepsItsText(string value)
    {
        var spec = ContractExamples.Merge(ContractExamples.Http(("options", value))).Spec!;

        Assert.Equal(value == "null" ? null : value.Trim(' ', '\t', '\r', '\n'), spec.Options?.ToString());
    }

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

    [Theory]
    [MemberData(nameof(BadEverywhere))]
    public void Read_BadText_IsRefusedWithOneLineAndAPosition(string text)
    {
        var reading = ContractExamples.Stage("{\"data\": " + text + "}");

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
    [Trait("Fault", "37")]
    public void Check_BytesThatAreNoText_AreRefusedWithAReasonAndAPlace() => Assert.All(JsonCases.BadBytes, AssertRefused);

    [Fact]
    [Trait("Fault", "70")]
    public void WriteRequestBody_BytesThatAreNoText_AreRefused() => Assert.All(JsonCases.BadBytes, bytes =>
    {
        Assert.False(Free.Send(bytes).Check.IsOk);
        Assert.False(Free.Send([.. "{\"props\":"u8, .. bytes, .. "}"u8]).Check.IsOk);
    });

    private static bool ReadsAll(byte[] value, bool goesOn)
    {
        var json = new StrictJsonReader(value, Depth, goesOn);
        try
        {
            var good = true;
            while (json.Read())
            {
                good &= !json.IsDuplicate && !json.HasHalfPair;
            }

            return good && json.Fault.Kind == JsonFaultKind.None;
        }
        finally
        {
            json.Dispose();
        }
    }

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
