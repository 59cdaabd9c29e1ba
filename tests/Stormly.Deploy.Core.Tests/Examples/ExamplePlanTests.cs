using Stormly.Deploy.Core.Tests.Requests;
using Stormly.Deploy.Examples;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Core.Tests.Examples;

public class ExamplePlanTests
{
    [Fact]
    public void Of_SeveralInputs_EveryExampleIsRunOnceBesideTheFirstOfAllOthers()
    {
        var plan = Plan(Contracts.Tab(
            null,
            Contracts.Input("a", examples: ["1", "2"]),
            Contracts.Input("b", examples: ["\"x\"", "\"y\""]),
            Contracts.Input("o", required: false, examples: ["true"])));

        Assert.Equal(
            [
                """{"props":{"a":1,"b":"x"}}""",
                """{"props":{"a":2,"b":"x"}}""",
                """{"props":{"a":1,"b":"y"}}""",
                """{"props":{"a":1,"b":"x","o":true}}""",
            ],
            plan.Runs.Select(r => r.Body.ToString()));
        Assert.Equal([true, true, true, false], plan.Runs.Select(r => r.Needed));
        Assert.Equal(["a=1 b=\"x\"", "a=2", "b=\"y\"", "o=true"], plan.Runs.Select(r => string.Join(' ', r.Examples.Select(e => $"{e.Input}={e.Value}"))));
        Assert.Empty(plan.Problems);
    }

    [Fact]
    public void Of_Features_HoldTheirMostCommonValueThenAnExampleThenANeutralOne()
    {
        var common = Contracts.Feature("feature_a", NativeType.String, "\"NL\"") with { Examples = [RawJson.FromText("\"DE\""), RawJson.FromText("\"NL\"")] };
        var shown = Contracts.Feature("feature_b", NativeType.Integer) with { Examples = [RawJson.FromText("7")] };
        var unknown = Contracts.Feature("feature_c", NativeType.Boolean);
        var plan = Plan(Contracts.Tab(
            null,
            Contracts.Input("feature_a", required: false, feature: common, examples: ["\"DE\"", "\"NL\""]), Contracts.Input("feature_b", feature: shown, examples: ["7"]), Contracts.Input("feature_c", feature: unknown)));

        Assert.Equal(["""{"props":{"feature_a":"NL","feature_b":7,"feature_c":false}}""", """{"props":{"feature_a":"DE","feature_b":7,"feature_c":false}}"""], plan.Runs.Select(r => r.Body.ToString()));
        Assert.Equal(["feature_a", "feature_b"], plan.Runs[0].Examples.Select(e => e.Input));
        Assert.Equal([true, false], plan.Runs.Select(r => r.Needed));
    }

    [Fact]
    public void Of_OnlyFeaturesOfWhichNothingIsKnown_RunsNothing()
        => Assert.Empty(Plan(Contracts.Tab(null, Contracts.Input("feature_c", feature: Contracts.Feature("feature_c", NativeType.Boolean)))).Runs);

    [Fact]
    public void Of_MostCommonValuesAlone_RunsNothing()
        => Assert.Empty(Plan(Contracts.Tab(null, Contracts.Input("feature_a", feature: Contracts.Feature("feature_a", NativeType.Float, "1.5")))).Runs);

    [Fact]
    public void Of_RequiredInputWithoutExample_SaysWhichAndRunsTheOtherTabs()
    {
        var plan = Plan(Contracts.Tab("One", Contracts.Input("a", examples: ["1"]), Contracts.Input("secret")), Contracts.Tab("Two", Contracts.Input("b", examples: ["2"])));

        Assert.Equal(1, Assert.Single(plan.Runs).Tab);
        Assert.Equal("examples of \"One\" cannot be run: the required input \"secret\" has no example", Assert.Single(plan.Problems));
    }

    [Fact]
    public void Of_ManyTabs_TheFirstOfEachComesFirstAndTheBoundHolds()
    {
        var tabs = Enumerable.Range(0, 3).Select(i => Contracts.Tab($"T{i}", Contracts.Input("a", examples: ["1", "2", "3"]))).ToArray();

        Assert.Equal([0, 1, 2, 0, 0, 1, 1, 2, 2], Plan(tabs).Runs.Select(r => r.Tab));
        Assert.Equal(4, ExamplePlan.Of(new PluginExplanation { Tabs = [.. tabs] }, 4).Runs.Length);
    }

    [Fact]
    public void Of_HostileNamesAndNow_GivesABodyThatCanBeRead()
    {
        var plan = Plan(Contracts.Tab(null, Contracts.Input("a\"\\\n", examples: ["{\"x\": [1]}"]), Contracts.Input("now", examples: ["1"]), Contracts.Input("a\"\\\n", examples: ["2"])));

        using var document = System.Text.Json.JsonDocument.Parse(Assert.Single(plan.Runs).Body.ToString());
        Assert.Equal("a\"\\\n", Assert.Single(document.RootElement.GetProperty("props").EnumerateObject()).Name);
    }

    [Fact]
    public void Describe_LongExamples_StaysShort()
    {
        var tab = Contracts.Tab("Predict", [.. Enumerable.Range(0, 9).Select(i => Contracts.Input($"i{i}", examples: [$"\"{new string('x', 500)}\""]))]);
        var explanation = new PluginExplanation { Tabs = [tab] };

        var words = ExamplePlan.Describe(ExamplePlan.Of(explanation, 10).Runs[0], explanation);

        Assert.StartsWith("the example \"i0\" = ", words, StringComparison.Ordinal);
        Assert.EndsWith("and 6 more of \"Predict\"", words, StringComparison.Ordinal);
        Assert.InRange(words.Length, 10, 500);
    }

    private static ExamplePlan Plan(params ExplainedTab[] tabs) => ExamplePlan.Of(new PluginExplanation { Tabs = [.. tabs] }, 200);
}
