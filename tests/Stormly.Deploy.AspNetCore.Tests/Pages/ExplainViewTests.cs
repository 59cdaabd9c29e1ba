using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.AspNetCore.Pages;

public sealed class ExplainViewTests
{
    private static readonly PageAddress Address = new("https://example.org/plugins/churn", "churn", "_a/1");

    [Fact]
    public void Build_Inputs_AreDividedByWhoSuppliesThemTheMostImportantFirst()
    {
        var view = Build(Tab(
            Input("a", required: true, importance: 0.1), Input("b", required: true, importance: 0.9), Input("c"), Input("d", importance: 0.2), Input("e", importance: 0.8),
            Input("f", required: true) with { Source = InputSource.Provider }, Input("g", importance: 0.5) with { Source = InputSource.Detector }));
        Assert.Equal(["supply: a b", "optional: e d c", "detected: g f"], view.Sections.Select(s => $"{s.Id}: {string.Join(' ', s.Inputs.Select(i => i.Name))}"));
    }

    [Fact]
    public void Build_ValueThatWasFound_IsShownWhereverTheInputCameFrom()
    {
        var view = Build(Tab(Input("feature_a", required: true)), detected: [new DetectedFeature("feature_a", RawJson.FromText("4.0"), InputSource.Detector, "hour")]);
        Assert.Equal("4.0", view.Sections.Single(s => s.Id == "detected").Inputs.Single().Detected!.Value.ToString());
        Assert.DoesNotContain("feature_a", view.Snippets[0].Code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Send 1 value and get a JSON answer back.", 1, 0, 0)]
    [InlineData("Send 2 values and get a JSON answer back.", 2, 0, 0)]
    [InlineData("Send up to 3 values and get a JSON answer back.", 0, 3, 0)]
    [InlineData("Send one JSON request and get a JSON answer back.", 0, 0, 0)]
    [InlineData("Send 1 value, add up to 2 more for a better answer, and get a JSON answer back.", 1, 2, 0)]
    [InlineData("Send 1 value and get x0 back.", 1, 0, 1)]
    [InlineData("Send 1 value and get x0 and x1 back.", 1, 0, 2)]
    [InlineData("Send 1 value and get x0, x1, x2 and 27 more back.", 1, 0, 30)]
    public void Build_Sentence_SaysWhatGoesInAndWhatComesOut(string sentence, int required, int optional, int fields)
    {
        var inputs = Enumerable.Range(0, required + optional).Select(i => Input($"i{i}", required: i < required)).ToArray();
        var output = RawJson.FromText($"{{{string.Join(',', Enumerable.Range(0, fields).Select(i => $"\"x{i}\":1"))}}}");
        Assert.Equal(sentence, Build(Tab(inputs) with { Outputs = fields == 0 ? [] : [output] }).Sentence);
    }

    [Fact]
    public void Build_Tabs_EachHasAnAddressOfItsOwn()
    {
        string[] titles = ["Für Kunden!", "F r kunden", "<b>", "你好", "", new string('x', 100)];
        var tabs = titles.Select(t => new ExplainedTab { Title = t }).ToArray();
        var slugs = Build(tabs).Tabs.Select(t => t.Slug).ToList();
        Assert.Equal(["f-r-kunden", "f-r-kunden-2", "b", "tab", "tab-2", new string('x', 40)], slugs);
        Assert.All(slugs, slug => Assert.Equal(slug, Build(tabs, wanted: slug).Tabs.Single(t => t.IsCurrent).Slug));
        Assert.True(Build(tabs, wanted: "nowhere").Tabs[0].IsCurrent);
        Assert.Empty(Build(tabs[..1]).Tabs);
    }

    [Fact]
    [Trait("Fault", "68")]
    public void Build_LongListsAndValues_AreCutAndSaidToBe()
    {
        var examples = Enumerable.Range(0, 100).Select(i => RawJson.FromText($"\"{new string('x', 50_000)}{i}\"")).ToImmutableArray();
        var view = Build(Tab(Input("a") with { Examples = examples }) with { Outputs = examples });
        var input = view.Sections.Single().Inputs.Single();
        Assert.Equal((12, 88), (input.Examples.Count, input.MoreExamples));
        Assert.All(input.Examples, e => Assert.InRange(e.Shown.Length, 1, 49));
        Assert.Equal(examples[11].ToString(), input.Examples[11].Json);
        Assert.Equal((20, 80), (view.Outputs.Count, view.MoreOutputs));
        Assert.All(view.Outputs, o => Assert.False(o.IsWhole));
        Assert.InRange(view.Outputs.Sum(o => o.Pieces.Sum(p => p.Text.Length)), 20, 100_000);
    }

    [Fact]
    public void Build_Verifications_StandAtTheirOwnExampleOfTheirOwnTab()
    {
        var run = new ExampleVerification { Tab = 1, Input = "a", Example = 1, At = DateTimeOffset.UnixEpoch, Took = TimeSpan.FromMilliseconds(12), Passed = true };
        var input = Input("a") with { Examples = [RawJson.FromText("1"), RawJson.FromText("2")] };
        var description = FakeDescriptions.Describe("churn", Tab(input) with { Title = "One" }, Tab(input) with { Title = "Two" }) with { Verifications = [run] };
        Assert.Equal([null, null], Runs("one"));
        Assert.Equal([null, run], Runs("two"));

        IEnumerable<ExampleVerification?> Runs(string tab)
            => ExplainViewBuilder.Build(description, HealthView.Of(null), [], Address, tab).Sections.Single().Inputs.Single().Examples.Select(e => e.Verification);
    }

    [Fact]
    public void Build_NothingExplained_ShowsTheLastRealAnswerAndTellsTheAuthor()
    {
        var feature = new FeatureDescriptor { Key = "feature_a", Name = "Hour", NativeType = NativeType.Integer };
        var description = FakeDescriptions.Describe("churn", Tab(Input("feature_a", required: true) with { Feature = feature, Explanation = "Hour (numerical: a whole number)" }));
        var view = ExplainViewBuilder.Build(description with { LastAnswer = RawJson.FromText("{\"score\":4.0}") }, HealthView.Of(null), [], Address, null);
        Assert.False(view.IsExplained);
        Assert.Equal(("The last real answer", "{\n  |\"score\"|: |4.0|\n}"), (view.Outputs.Single().Name, string.Join('|', view.Outputs.Single().Pieces.Select(p => p.Text))));
        var input = view.Sections.Single().Inputs.Single();
        Assert.Equal(("Hour", null, FieldKind.Integer, "whole number"), (input.Title, input.Explanation, input.Kind, input.Type));
    }

    [Theory]
    [InlineData("1,2.5", "Number")]
    [InlineData("\"a\",\"b\"", "Text")]
    [InlineData("true,false", "Flag")]
    [InlineData("1,\"a\"", "Any")]
    [InlineData("[1],[2]", "Any")]
    [InlineData("null", "Any")]
    [InlineData("", "Any")]
    public void Build_CustomInput_TakesWhatItsExamplesAre(string examples, string kind)
    {
        ImmutableArray<RawJson> values = examples.Length == 0 ? [] : [.. System.Text.Json.JsonElement.Parse($"[{examples}]").EnumerateArray().Select(e => RawJson.FromText(e.GetRawText()))];
        Assert.Equal(kind, Build(Tab(Input("a") with { Examples = values })).Sections.Single().Inputs.Single().Kind.ToString());
    }

    private static ExplainView Build(params ExplainedTab[] tabs) => Build(tabs, null);

    private static ExplainView Build(ExplainedTab[] tabs, string? wanted)
        => ExplainViewBuilder.Build(FakeDescriptions.Describe("churn", tabs), HealthView.Of(null), [], Address, wanted);

    private static ExplainView Build(ExplainedTab tab, ImmutableArray<DetectedFeature> detected)
        => ExplainViewBuilder.Build(FakeDescriptions.Describe("churn", tab), HealthView.Of(null), detected, Address, null);

    private static ExplainedTab Tab(params ExplainedInput[] inputs) => new() { Inputs = [.. inputs] };

    private static ExplainedInput Input(string name, bool required = false, double? importance = null) => new() { Name = name, Required = required, Importance = importance };
}
