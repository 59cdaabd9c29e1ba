using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;
using static Stormly.Deploy.Core.Tests.Requests.Contracts;

namespace Stormly.Deploy.Core.Tests.Requests;

/// <summary>Several tabs are several ways to call one plugin: a request satisfies one of them.</summary>
public sealed class RequestTabTests
{
    private static readonly FeatureDescriptor Played = Feature("feature_acaa2cf5d", NativeType.Boolean);

    private static readonly RequestContract Tabbed = Tabs(
        null,
        Tab("Predict for one user", Input("user_created"), Input("age"), Input("feature_acaa2cf5d", required: false, feature: Played)),
        Tab("Predict for a segment", Input("segment", explanation: "Segment name"), Input("feature_acaa2cf5d", required: false, feature: Played)));

    [Theory]
    [InlineData("""{"segment":"NL"}""")]
    [InlineData("""{"user_created":1,"age":2}""")]
    [InlineData("""{"user_created":1,"segment":"NL"}""")]
    public void WriteRequestBody_OneTabSatisfied_IsAccepted(string props)
        => Assert.Equal($$"""{"props":{"now":1700000000,{{props[1..]}}}""", Tabbed.Accept($$"""{"props":{{props}}}"""));

    [Theory]
    [InlineData("{}", "Predict for a segment", "segment")]
    [InlineData("""{"user_created":1}""", "Predict for one user", "age")]
    [InlineData("""{"segment":null,"age":2}""", "Predict for one user", "user_created")]
    public void WriteRequestBody_NoTabSatisfied_SaysWhatTheClosestOneLacks(string props, string tab, string missing)
    {
        var problem = Assert.Single(Tabbed.Refuse($$"""{"props":{{props}}}"""));

        Assert.Equal(missing, problem.Input);
        Assert.Equal($"is required for \"{tab}\", the way of calling that this request comes closest to", problem.Rule);
    }

    [Fact]
    public void WriteRequestBody_RequiredInEveryTab_IsRequired()
    {
        var contract = Tabs(null, Tab("A", Input("both"), Input("a", required: false)), Tab("B", Input("both"), Input("b")));

        Assert.Equal("both", Assert.Single(contract.Refuse("""{"props":{"a":1}}""")).Input);
        contract.Accept("""{"props":{"both":1}}""");
    }

    [Fact]
    public void WriteRequestBody_TypeOfAFeature_IsCheckedInEveryTab()
        => Assert.Equal("feature_acaa2cf5d", Assert.Single(Tabbed.Refuse("""{"props":{"segment":"NL","feature_acaa2cf5d":"yes"}}""")).Input);

    [Fact]
    public void WriteRequestBody_NowExplainedAsAnInput_IsSuppliedByTheLibrary()
    {
        var contract = OneTab(null, Input("now", examples: "1"));

        Assert.Equal("""{"props":{"now":1700000000}}""", contract.Accept("{}"));
        Assert.Equal("""{"props":{"now":1700000000}}""", contract.StatusBody());
    }

    [Fact]
    public void WriteRequestBody_FillMissingFeatures_FillsWhatNobodySupplied()
    {
        var contract = OneTab(
            new RequestOptions { FillMissingFeatures = true },
            Input("feature_r", feature: Feature("feature_r", NativeType.Float, "1.50")),
            Input("feature_o", required: false, feature: Feature("feature_o", NativeType.String, "\"S\\u00e3o\"")),
            Input("feature_n", required: false, feature: Feature("feature_n", NativeType.Integer)),
            Input("plan", required: false, examples: "\"free\""));

        Assert.Equal("""{"props":{"now":1700000000,"feature_r":1.50,"feature_o":"S\u00e3o"}}""", contract.Accept("{}"));
        Assert.Equal("""{"props":{"now":1700000000,"feature_o":null,"feature_r":1.50}}""", contract.Accept("""{"props":{"feature_o":null}}"""));
        Assert.Equal("feature_r", Assert.Single(contract.Refuse("""{"props":{"feature_r":null}}""")).Input);
    }

    [Fact]
    public void WriteRequestBody_FillWithoutAKnownValue_LeavesARequiredFeatureMissing()
    {
        var contract = OneTab(
            new RequestOptions { FillMissingFeatures = true }, Input("feature_n", feature: Feature("feature_n", NativeType.Integer)));

        Assert.Equal("feature_n", Assert.Single(contract.Refuse("""{"props":{}}""")).Input);
    }

    [Fact]
    public void WriteRequestBody_NoFilling_LeavesAbsentWhatIsAbsent()
    {
        var contract = OneTab(null, Input("feature_o", required: false, feature: Feature("feature_o", NativeType.Float, "1.0")));

        Assert.Equal("""{"props":{"now":1700000000}}""", contract.Accept("{}"));
    }

    [Fact]
    public void Create_OptionsChangedAfterwards_KeepsWhatItWasMadeWith()
    {
        var options = new RequestOptions();
        var contract = OneTab(options);
        options.MaxBodyBytes = 1;
        options.NowFormat = NowFormat.Iso8601;

        Assert.Equal("""{"props":{"now":1700000000}}""", contract.Accept("{}"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(3000)]
    public void WriteRequestBody_AnyNumberOfFeatures_EachIsCheckedAndFilled(int count)
    {
        var inputs = Enumerable.Range(0, count)
            .Select(i => Input($"feature_{i}", feature: Feature($"feature_{i}", NativeType.Integer, i == count - 1 ? null : $"{i}")))
            .ToArray();
        var contract = OneTab(new RequestOptions { FillMissingFeatures = true }, inputs);
        var last = $"feature_{count - 1}";

        Assert.Equal(last, Assert.Single(contract.Refuse("""{"props":{}}""")).Input);
        Assert.Equal(last, Assert.Single(contract.Refuse($$$"""{"props":{"{{{last}}}":"x"}}""")).Input);
        var filled = string.Concat(Enumerable.Range(0, count - 1).Select(i => $",\"feature_{i}\":{i}"));
        Assert.Equal($$$"""{"props":{"now":1700000000,"{{{last}}}":7{{{filled}}}}}""", contract.Accept($$$"""{"props":{"{{{last}}}":7}}"""));
    }
}
