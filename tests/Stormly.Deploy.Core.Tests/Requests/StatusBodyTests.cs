using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;
using static Stormly.Deploy.Core.Tests.Requests.Contracts;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class StatusBodyTests
{
    [Theory]
    [InlineData(NativeType.Boolean, null, "false")]
    [InlineData(NativeType.Integer, null, "0")]
    [InlineData(NativeType.Float, null, "0")]
    [InlineData(NativeType.String, null, "\"\"")]
    [InlineData(NativeType.Unknown, null, "\"\"")]
    [InlineData(NativeType.Unknown, "numerical", "0")]
    [InlineData(NativeType.String, "numerical", "\"\"")]
    public void WriteStatusBody_FeatureOfWhichNothingIsKnown_GetsANeutralValueByItsType(NativeType type, string? kind, string expected)
    {
        var contract = OneTab(null, Input("feature_x", feature: Feature("feature_x", type, kind: kind)));

        Assert.Equal($$$"""{"props":{"now":1700000000,"feature_x":{{{expected}}}}}""", contract.StatusBody());
    }

    [Theory]
    [InlineData("1.50", "1.50")]
    [InlineData("\"S\\u00e3o Tom\\u00e9\"", "\"S\\u00e3o Tom\\u00e9\"")]
    [InlineData("null", "0")]
    public void WriteStatusBody_MostCommonValue_IsSentAsWritten(string mostCommon, string expected)
    {
        var contract = OneTab(null, Input("feature_x", required: false, feature: Feature("feature_x", NativeType.Float, mostCommon)));

        Assert.Equal($$$"""{"props":{"now":1700000000,"feature_x":{{{expected}}}}}""", contract.StatusBody());
    }

    [Fact]
    public void WriteStatusBody_InputThatIsNoFeature_GetsItsFirstExampleOrIsLeftOut()
    {
        var contract = Tabs(
            null,
            Tab("A", Input("user_created", examples: ["1690000000", "1700000000"]), Input("plan", required: false), Input("b", examples: "[1, 2]")),
            Tab("B", Input("user_created", examples: "5"), Input("plan", examples: "\"free\"")));

        Assert.Equal("""{"props":{"now":1700000000,"user_created":1690000000,"plan":"free","b":[1, 2]}}""", contract.StatusBody());
    }

    [Fact]
    public void WriteStatusBody_FeatureThatNobodyExplains_IsThereAllTheSame()
    {
        var explanation = new PluginExplanation { Tabs = [Tab(null)] };
        var features = ImmutableArray.Create(Feature("feature_x", NativeType.Boolean, "true"));

        Assert.Equal("""{"props":{"now":1700000000,"feature_x":true}}""", RequestContract.Create(explanation, features, new RequestOptions()).StatusBody());
    }

    [Fact]
    public void WriteStatusBody_StrangeNames_AreWrittenAsJson()
    {
        string[] names = ["a\"b", "line\nbreak", "é😀", "\\", "</script>", "\ud800"];
        var contract = OneTab(null, [.. names.Select(n => Input(n, examples: "1"))]);

        using var body = JsonDocument.Parse(contract.StatusBody());

        Assert.Equal(["now", .. names[..^1], "\ufffd"], body.RootElement.GetProperty("props").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void WriteStatusBody_ManyTimesAtOnce_IsTheSame()
    {
        var contract = OneTab(null, Input("feature_x", feature: Feature("feature_x", NativeType.Float, "1.50")));

        var bodies = new string[1000];
        Parallel.For(0, bodies.Length, i => bodies[i] = contract.StatusBody() + contract.Accept("""{"props":{"feature_x":2}}"""));

        Assert.Single(bodies.Distinct());
    }
}
