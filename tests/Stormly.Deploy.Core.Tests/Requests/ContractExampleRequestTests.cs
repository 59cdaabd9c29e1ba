using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Core.Tests.Requests;

/// <summary>The bodies that follow from the example files of the plugin contract.</summary>
public sealed class ContractExampleRequestTests
{
    private static readonly RequestContract Single = Read(ContractExamples.Merged().Explain);

    private static readonly RequestContract Tabbed = Read(new RawJson(ContractExamples.Bytes("explain-tabs.json")));

    private const string Features =
        """
        "feature_acaa2cf5d":true,"feature_b1c2d3e4f":"S\u00e3o Tom\u00e9","feature_c2d3e4f50":"Chrome","feature_d3e4f5061":17.50,"feature_e4f506172":0
        """;

    [Fact]
    public void WriteStatusBody_Examples_HoldsTheMostCommonValues()
        => Assert.Equal(
            """{"props":{"now":1700000000,"user_created":1690000000,"plan":"free","feature_d3e4f5061":1.0,"feature_acaa2cf5d":true,"feature_b1c2d3e4f":"NL","feature_c2d3e4f50":"Chrome","feature_e4f506172":0}}""",
            Single.StatusBody());

    [Fact]
    public void WriteStatusBody_ExamplesWithTabs_HoldsTheInputsOfAllTabs()
        => Assert.Equal(
            """{"props":{"now":1700000000,"user_created":1690000000,"feature_acaa2cf5d":true,"feature_b1c2d3e4f":"NL","feature_c2d3e4f50":"Chrome","feature_d3e4f5061":1.0,"feature_e4f506172":0,"segment":"NL"}}""",
            Tabbed.StatusBody());

    [Fact]
    public void WriteRequestBody_EverythingSupplied_IsPassedOn()
        => Assert.Equal(
            $$$"""{"props":{"now":1700000000,"user_created":1690000000,{{{Features}}}}}""",
            Single.Accept($$$"""{"props":{"user_created":1690000000,{{{Features}}}}}"""));

    [Fact]
    public void WriteRequestBody_NothingSupplied_NamesEveryRequiredInputWithItsExplanation()
    {
        var problems = Single.Refuse("""{"props":{"plan":"team"}}""");

        Assert.Equal(
            ["user_created", "feature_d3e4f5061", "feature_acaa2cf5d", "feature_b1c2d3e4f", "feature_c2d3e4f50", "feature_e4f506172"],
            problems.Select(p => p.Input));
        Assert.Equal("When the user's account was created, Unix time in seconds", problems[0].Explanation);
        Assert.All(problems, p => Assert.False(string.IsNullOrWhiteSpace(p.Explanation)));
    }

    [Theory]
    [InlineData("\"user_created\":1")]
    [InlineData("\"segment\":\"NL\"")]
    public void WriteRequestBody_OneTabOfTheExamplesSatisfied_IsAccepted(string input)
        => Assert.Equal($$$"""{"props":{"now":1700000000,{{{input}}},{{{Features}}}}}""", Tabbed.Accept($$$"""{"props":{{{{input}}},{{{Features}}}}}"""));

    [Fact]
    public void WriteRequestBody_NoTabOfTheExamplesSatisfied_NamesTheFirstOfTheClosest()
    {
        var problem = Assert.Single(Tabbed.Refuse($$$"""{"props":{{{{Features}}}}}"""));

        Assert.Equal("user_created", problem.Input);
        Assert.Contains("\"Predict for one user\"", problem.Rule, StringComparison.Ordinal);
    }

    private static RequestContract Read(RawJson? explain)
    {
        var features = ContractExamples.Manifest().Features;
        return RequestContract.Create(ExplanationReader.Read("trainMore", explain, features).Explanation, features, new RequestOptions());
    }
}
