using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;
using static Stormly.Deploy.Core.Tests.Requests.Contracts;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class RequestProblemTests
{
    private const string Meaning = "When the account was created, Unix time in seconds";

    private static readonly RequestContract Churn = OneTab(
        null,
        Input("user_created", explanation: Meaning),
        Input("plan", required: false),
        Input("feature_b", feature: Feature("feature_b", NativeType.Boolean)),
        Input("feature_i", required: false, feature: Feature("feature_i", NativeType.Integer)),
        Input("feature_f", required: false, feature: Feature("feature_f", NativeType.Float)),
        Input("feature_s", required: false, feature: Feature("feature_s", NativeType.String)),
        Input("feature_u", required: false, feature: Feature("feature_u", NativeType.Unknown)));

    [Fact]
    public void WriteRequestBody_EverythingWrong_NamesAllProblemsAtOnceWithTheInputsOwnExplanation()
    {
        var problems = Churn.Refuse("""{"user_created":1,"context":[],"props":{"plan":"a","feature_i":"4","feature_s":5,"plan":"b"}}""");

        Assert.Equal(
            ["/user_created", "/context", "/props/feature_i", "/props/feature_s", "/props/plan", "/props/user_created", "/props/feature_b"],
            problems.Select(p => p.Pointer));
        var missing = problems[5];
        Assert.Equal("is required", missing.Rule);
        Assert.Equal(Meaning, missing.Explanation);
        Assert.Equal("user_created", missing.Input);
        Assert.Null(missing.Value);
        Assert.Equal("/props/user_created is required. Add it to props. (" + Meaning + ")", missing.ToString());
    }

    [Theory]
    [Trait("Fault", "70")]
    [InlineData("feature_b", "1", "must be true or false")]
    [InlineData("feature_b", "\"true\"", "must be true or false")]
    [InlineData("feature_i", "4.5", "must be a whole number within the range of a 64-bit float")]
    [InlineData("feature_i", "true", "must be a whole number within the range of a 64-bit float")]
    [InlineData("feature_i", "1e-1", "must be a whole number within the range of a 64-bit float")]
    [InlineData("feature_i", "1e999999", "must be a whole number within the range of a 64-bit float")]
    [InlineData("feature_f", "\"3.5\"", "must be a number within the range of a 64-bit float")]
    [InlineData("feature_f", "-1E+999999", "must be a number within the range of a 64-bit float")]
    [InlineData("feature_f", "[3.5]", "must be a number within the range of a 64-bit float")]
    [InlineData("feature_s", "{\"a\":1}", "must be text")]
    [InlineData("feature_s", "false", "must be text")]
    public void WriteRequestBody_WrongType_SaysTheRuleAndWhatWasSent(string name, string value, string rule)
    {
        var problem = Assert.Single(Churn.Refuse($$$"""{"props":{"user_created":1,"feature_b":true,"{{{name}}}":{{{value}}}}}""".Replace("\"feature_b\":true,\"feature_b\"", "\"feature_b\"", StringComparison.Ordinal)));

        Assert.Equal(("/props/" + name, name, rule, value), (problem.Pointer, problem.Input, problem.Rule, problem.Value));
    }

    [Theory]
    [InlineData("feature_b", "false")]
    [InlineData("feature_i", "-0")]
    [InlineData("feature_i", "4.0")]
    [InlineData("feature_i", "4e2")]
    [InlineData("feature_i", "12345678901234567890")]
    [InlineData("feature_f", "4")]
    [InlineData("feature_f", "1E-999999")]
    [InlineData("feature_s", "\"\"")]
    [InlineData("feature_u", "[{}]")]
    [InlineData("plan", "[1]")]
    [InlineData("nobody_knows_it", "{\"a\":[]}")]
    public void WriteRequestBody_RightType_IsPassedOnAsWritten(string name, string value)
    {
        var rest = name == "feature_b" ? "" : ",\"feature_b\":true";

        var output = Churn.Accept($$$"""{"props":{"user_created":1{{{rest}}},"{{{name}}}":{{{value}}}}}""");

        Assert.Equal($$$"""{"props":{"now":1700000000,"user_created":1{{{rest}}},"{{{name}}}":{{{value}}}}}""", output);
    }

    [Fact]
    public void WriteRequestBody_IntegerOfFourHundredDigits_IsOutOfRange()
    {
        var digits = new string('9', 400);

        Assert.Equal(2, Churn.Refuse($$$"""{"props":{"user_created":1,"feature_b":true,"feature_i":{{{digits}}},"feature_f":{{{digits}}}}}""").Length);
        Assert.EndsWith($"\"plan\":{digits}}}}}", Churn.Accept($$$"""{"props":{"user_created":1,"feature_b":true,"plan":{{{digits}}}}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequestBody_NullForAnOptionalInput_IsPassedOn()
        => Assert.Equal(
            """{"props":{"now":1700000000,"user_created":1,"feature_b":true,"feature_s":null,"plan":null}}""",
            Churn.Accept("""{"props":{"user_created":1,"feature_b":true,"feature_s":null,"plan":null}}"""));

    [Fact]
    public void WriteRequestBody_NullForARequiredInput_IsMissing()
    {
        var problems = Churn.Refuse("""{"props":{"user_created":null,"feature_b":null}}""");

        Assert.Equal(["user_created", "feature_b"], problems.Select(p => p.Input));
        Assert.All(problems, p => Assert.Equal(("is required", "null"), (p.Rule, p.Value)));
        Assert.Equal("Send a value for it: null is none. It must be true or false.", problems[1].Remedy);
    }

    [Fact]
    public void WriteRequestBody_NoProps_NamesItAndWhatIsMissingInIt()
        => Assert.Equal(["/props", "/props/user_created", "/props/feature_b"], Churn.Refuse("{}").Select(p => p.Pointer));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("1")]
    public void WriteRequestBody_PropsIsNoObject_IsTheOnlyProblem(string props)
    {
        var problem = Assert.Single(Churn.Refuse($$"""{"props":{{props}}}"""));

        Assert.Equal(("/props", "must be a JSON object"), (problem.Pointer, problem.Rule));
        Assert.StartsWith(props, problem.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequestBody_PropsIsNoObjectAndHoldsANameTwice_SaysBoth()
        => Assert.Equal(["/props", "/props"], OneTab(null).Refuse("""{"props":[{"a":1,"a":2}]}""").Select(p => p.Pointer));

    [Fact]
    public void WriteRequestBody_MemberBesideProps_IsToldWhereItBelongs()
    {
        var problem = Assert.Single(OneTab(null).Refuse("""{"a/b~":1,"props":{}}"""));

        Assert.Equal(("/a~1b~0", "is not allowed beside props", "Put it inside props: /props/a~1b~0."), (problem.Pointer, problem.Rule, problem.Remedy));
    }

    [Theory]
    [InlineData("""{"props":{"a":1,"a":2}}""", "/props/a")]
    [InlineData("""{"props":{"a":1,"\u0061":2}}""", "/props/a")]
    [InlineData("""{"props":{"\u0061\n":1,"a\u000a":2}}""", "/props/a\\u000a")]
    [InlineData("""{"props":{"now":1,"\u006eow":2}}""", "/props/now")]
    [InlineData("""{"props":{},"props":{"a":1}}""", "/props")]
    [InlineData("""{"props":{},"context":{},"context":{}}""", "/context")]
    [InlineData("""{"props":{"x":[{"b":1,"c":2,"b":3}]}}""", "/props/x")]
    [InlineData("""{"context":{"b":1,"b":3}}""", "/context")]
    public void WriteRequestBody_NameTwice_IsRefused(string body, string pointer)
        => Assert.Equal(pointer, Assert.Single(OneTab(null).Refuse(body)).Pointer);

    [Fact]
    public void WriteRequestBody_SameNameInDifferentObjects_IsFine()
        => Assert.Equal(
            """{"props":{"now":1700000000,"a":{"a":1,"b":{"a":2}},"b":[{"a":1},{"a":2}]}}""",
            OneTab(null).Accept("""{"props":{"a":{"a":1,"b":{"a":2}},"b":[{"a":1},{"a":2}]}}"""));

    [Theory]
    [InlineData("user_craeted")]
    [InlineData("userCreated")]
    [InlineData("USER_CREATED")]
    [InlineData("user_create")]
    public void WriteRequestBody_SlipInAName_AsksForTheOneThatIsMissing(string sent)
    {
        var problem = Assert.Single(Churn.Refuse($$$"""{"props":{"{{{sent}}}":1,"feature_b":true}}"""));

        Assert.EndsWith($"\"{sent}\" was sent: did you mean \"user_created\"?", problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("created")]
    [InlineData("user_name_new")]
    [InlineData("")]
    public void WriteRequestBody_OtherName_IsNotTakenForASlip(string sent)
        => Assert.DoesNotContain("mean", Assert.Single(Churn.Refuse($$$"""{"props":{"{{{sent}}}":1,"feature_b":true}}""")).Remedy, StringComparison.Ordinal);

    [Fact]
    public void WriteRequestBody_MoreProblemsThanAreListed_CountsTheRest()
    {
        var body = "{" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"x{i}\":0")) + "}";

        var problems = OneTab(null).Refuse(body);

        Assert.Equal(51, problems.Length);
        Assert.Equal("/x49", problems[49].Pointer);
        Assert.Equal("has 950 more problems that are not listed", problems[50].Rule);
    }

    [Fact]
    public void WriteRequestBody_HostileText_IsShownShortAndPrintable()
    {
        var contract = OneTab(null, Input("feature_i", feature: Feature("feature_i", NativeType.Integer), explanation: "bell\u0007" + new string('x', 10_000)));

        var problems = contract.Refuse("{\"" + new string('n', 5000) + "\u202e\":0,\"props\":{\"feature_i\":\"\u202e" + new string('é', 100_000) + "\"}}");

        Assert.All(problems, p => Assert.InRange(p.ToString().Length, 10, 1000));
        Assert.All(problems, p => Assert.DoesNotContain(p.ToString(), c => char.IsControl(c) || c == '\u202e'));
        Assert.StartsWith("\"\\u202eéé", problems[1].Value, StringComparison.Ordinal);
    }
}
