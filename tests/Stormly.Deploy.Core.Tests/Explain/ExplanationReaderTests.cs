using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;
using Stormly.Deploy.Stages;

namespace Stormly.Deploy.Core.Tests.Explain;

public sealed class ExplanationReaderTests
{
    [Fact]
    public void Read_MergedExample_HasOneTabWithTheFeaturesAdded()
    {
        var reading = ExplanationReader.Read("trainMore", ContractExamples.Merged().Explain, ContractExamples.Manifest().Features);

        Assert.Empty(reading.Problems);
        var tab = Assert.Single(reading.Explanation.Tabs);
        Assert.Null(tab.Title);
        Assert.Equal(["""{ "score": 0.9998, "label": "A" }""", """{ "score": 0.1034, "label": "B" }"""], tab.Outputs.Select(o => o.ToString()));
        Assert.Equal(
            ["user_created", "plan", "feature_d3e4f5061", "feature_acaa2cf5d", "feature_b1c2d3e4f", "feature_c2d3e4f50", "feature_e4f506172"],
            tab.Inputs.Select(i => i.Name));
        Assert.Equal([true, false, true, true, true, true, true], tab.Inputs.Select(i => i.Required));
        var (created, plan, sessions, song) = (tab.Inputs[0], tab.Inputs[1], tab.Inputs[2], tab.Inputs[3]);
        Assert.Equal((0.8, "When the user's account was created, Unix time in seconds"), (created.Importance, created.Explanation));
        Assert.Equal(["1690000000", "1700000000"], created.Examples.Select(e => e.ToString()));
        Assert.Null(created.Feature);
        Assert.Equal((0.3, "\"free\""), (plan.Importance, plan.Examples[0].ToString()));
        Assert.Equal((0.6, "Number of sessions (numerical: a number)"), (sessions.Importance, sessions.Explanation));
        Assert.Equal(["1.0", "4.0", "17.5"], sessions.Examples.Select(e => e.ToString()));
        Assert.Equal("feature_d3e4f5061", sessions.Feature!.Key);
        Assert.Equal((null, "Did event Play song (categorical: true or false)"), (song.Importance, song.Explanation));
    }

    [Fact]
    public void Read_TabsExample_HasEveryTabWithItsOwnInputs()
    {
        var reading = ExplanationReader.Read("s", new RawJson(ContractExamples.Bytes("explain-tabs.json")), ContractExamples.Manifest().Features);

        Assert.Empty(reading.Problems);
        Assert.Equal(["Predict for one user", "Predict for a segment <b>&amp;</b>"], reading.Explanation.Tabs.Select(t => t.Title));
        var (user, segment) = (reading.Explanation.Tabs[0], reading.Explanation.Tabs[1]);
        Assert.Equal(["[0.9998, \"A\"]", "[0.1034, \"B\"]"], user.Outputs.Select(o => o.ToString()));
        Assert.Equal("""{ "segment": "NL", "score": 0.42 }""", Assert.Single(segment.Outputs).ToString());
        Assert.Equal((6, 6), (user.Inputs.Length, segment.Inputs.Length));
        Assert.Equal(("feature_acaa2cf5d", false, 0.9), (user.Inputs[1].Name, user.Inputs[1].Required, user.Inputs[1].Importance));
        Assert.Equal("Segment name, e.g. a country <script>alert(1)</script>", segment.Inputs[0].Explanation);
        Assert.True(segment.Inputs.Single(i => i.Name == "feature_acaa2cf5d").Required);
    }

    [Fact]
    public void Read_WhatThePluginSaysOfAFeature_Wins()
    {
        var input = Input("feature_c2d3e4f50", """{"explanation": "Own words", "examples": ["Opera"], "required": false, "importance": 1}""").Input;

        Assert.Equal(("Own words", "\"Opera\"", false, 1.0), (input.Explanation, Assert.Single(input.Examples).ToString(), input.Required, input.Importance));
        Assert.NotNull(input.Feature);
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("null", true)]
    [InlineData("""{"required": true}""", true)]
    [InlineData("""{"required": false}""", false)]
    [InlineData("""{"required": null}""", true)]
    public void Read_Required_IsTrueUnlessSaidOtherwise(string json, bool required)
    {
        foreach (var name in new[] { "plan", "feature_c2d3e4f50" })
        {
            var (input, problems) = Input(name, json);

            Assert.Equal(required, input.Required);
            Assert.Empty(problems);
        }
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("0.0", 0.0)]
    [InlineData("1.0", 1.0)]
    [InlineData("5e-1", 0.5)]
    [InlineData("null", null)]
    public void Read_Importance_IsFromZeroToOne(string json, double? importance)
    {
        var (input, problems) = Input("plan", $$"""{"importance": {{json}}}""");

        Assert.Equal(importance, input.Importance);
        Assert.Empty(problems);
    }

    [Theory]
    [Trait("Fault", "68")]
    [InlineData("""{"importance": 7}""", "/importance", "7")]
    [InlineData("""{"importance": -0.1}""", "/importance", "-0.1")]
    [InlineData("""{"importance": 1.0000001}""", "/importance", "1.0000001")]
    [InlineData("""{"importance": 1e999}""", "/importance", "1e999")]
    [InlineData("""{"importance": "0.5"}""", "/importance", "\"0.5\"")]
    [InlineData("""{"importance": true}""", "/importance", "true")]
    [InlineData("""{"required": "yes"}""", "/required", "\"yes\"")]
    [InlineData("""{"required": 0}""", "/required", "0")]
    [InlineData("""{"explanation": ["a"]}""", "/explanation", "[\"a\"]")]
    [InlineData("""{"explanation": 5}""", "/explanation", "5")]
    [InlineData("""{"examples": "free"}""", "/examples", "\"free\"")]
    [InlineData("""{"examples": {"a": 1}}""", "/examples", "{\"a\": 1}")]
    [InlineData("""{"importence": 1}""", "/importence", "1")]
    [InlineData("5", "", "5")]
    [InlineData("\"text\"", "", "\"text\"")]
    [InlineData("[]", "", "[]")]
    public void Read_BrokenPieceOfAnInput_IsLeftOutWithAWarning(string json, string place, string value)
    {
        var (input, problems) = Input("pl/an", json);

        var problem = Assert.Single(problems);
        Assert.Equal((ProblemSeverity.Warning, "s", "/http/explain/inputs/pl~1an" + place, value), (problem.Severity, problem.Stage, problem.Pointer, problem.Value));
        Assert.Equal((true, null, null), (input.Required, input.Importance, input.Explanation));
        Assert.Empty(input.Examples);
    }

    [Theory]
    [Trait("Fault", "68")]
    [InlineData("5", "/http/explain")]
    [InlineData("\"<script>\"", "/http/explain")]
    [InlineData("[]", "/http/explain")]
    [InlineData("""{"inputs": []}""", "/http/explain/inputs")]
    [InlineData("""{"inputs": "all"}""", "/http/explain/inputs")]
    [InlineData("""{"output": 5}""", "/http/explain/output")]
    [InlineData("""{"output": {"score": 1}}""", "/http/explain/output")]
    [InlineData("""{"output": {"examples": 5}}""", "/http/explain/output/examples")]
    [InlineData("""{"outputs": []}""", "/http/explain/outputs")]
    [InlineData("[5]", "/http/explain/0")]
    [InlineData("""[{"title": "a", "params": []}]""", "/http/explain/0/params")]
    [InlineData("""[{"title": "a"}]""", "/http/explain/0/params")]
    [InlineData("""{"inputs": {"importance": NaN}}""", "/http/explain/inputs/importance")]
    [InlineData("""{"inputs": {"a": {}, "a": {}}}""", "/http/explain/inputs/a")]
    [InlineData("""{"inputs": """, "/http/explain/inputs")]
    [InlineData("", "/http/explain")]
    public void Read_BrokenExplanation_WarnsAndStillHasATabWithTheFeatures(string json, string pointer)
    {
        var reading = ExplanationReader.Read("s", RawJson.FromText(json), ContractExamples.Manifest().Features);

        var problem = Assert.Single(reading.Problems);
        Assert.Equal((ProblemSeverity.Warning, pointer), (problem.Severity, problem.Pointer));
        Assert.Equal(5, Assert.Single(reading.Explanation.Tabs).Inputs.Length);
    }

    [Fact]
    public void Read_OneBrokenTab_LeavesTheOthers()
    {
        var reading = Read("""[{"title": "a", "params": {}}, 5, {"params": {}}, {"title": 7, "params": {}, "parms": 1}]""");

        Assert.Equal(["a", "Tab 3", "Tab 4"], reading.Explanation.Tabs.Select(t => t.Title));
        Assert.Equal(
            ["/http/explain/1", "/http/explain/2/title", "/http/explain/3/parms", "/http/explain/3/title", "/http/explain/3/title"],
            reading.Problems.Select(p => p.Pointer));
        Assert.Contains("Did you mean \"params\"?", reading.Problems[2].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NothingExplained_StillHasATab()
    {
        var reading = ExplanationReader.Read("s", null, []);

        Assert.Empty(reading.Problems);
        Assert.Empty(Assert.Single(reading.Explanation.Tabs).Inputs);
    }

    [Fact]
    [Trait("Fault", "68")]
    public void Read_MegabytesOfText_AreCutOrLeftOut()
    {
        var huge = new string('x', 1_000_000);

        var reading = Read($$"""[{"title": "{{huge}}", "params": {"output": ["{{huge}}", 1], "inputs": {"plan": {"explanation": "{{huge}}", "examples": ["{{huge}}", 2]} } } }]""");

        var tab = Assert.Single(reading.Explanation.Tabs);
        var plan = Assert.Single(tab.Inputs);
        Assert.Equal((ExplainLimits.MaxTitle + 1, ExplainLimits.MaxExplanation + 1), (tab.Title!.Length, plan.Explanation!.Length));
        Assert.Equal(("1", "2"), (Assert.Single(tab.Outputs).ToString(), Assert.Single(plan.Examples).ToString()));
        Assert.Equal(4, reading.Problems.Length);
        Assert.All(reading.Problems, p => Assert.InRange(p.ToString().Length, 1, 1000));
    }

    [Fact]
    [Trait("Fault", "68")]
    public void Read_TextCutInsideACharacter_KeepsItWhole()
    {
        var reading = Read($$"""{"inputs": {"plan": {"explanation": "{{new string('x', ExplainLimits.MaxExplanation - 1)}}😀😀"} } }""");

        Assert.Equal(new string('x', ExplainLimits.MaxExplanation - 1) + "…", Assert.Single(Assert.Single(reading.Explanation.Tabs).Inputs).Explanation);
    }

    [Fact]
    public void Read_TooManyOfAnything_KeepsTheFirst()
    {
        var examples = string.Join(",", Enumerable.Range(0, ExplainLimits.MaxExamples + 1));
        var inputs = string.Join(",", Enumerable.Range(0, ExplainLimits.MaxInputs + 1).Select(i => $"\"i{i}\": null"));
        var tabs = string.Join(",", Enumerable.Range(0, ExplainLimits.MaxTabs + 1).Select(i => $$"""{"title": "t{{i}}", "params": {} }"""));

        var one = Read($$"""{"output": [{{examples}}], "inputs": { {{inputs}} } }""");
        var many = Read($"[{tabs}]");

        var tab = Assert.Single(one.Explanation.Tabs);
        Assert.Equal((ExplainLimits.MaxExamples, ExplainLimits.MaxInputs, 2), (tab.Outputs.Length, tab.Inputs.Length, one.Problems.Length));
        Assert.Equal((ExplainLimits.MaxTabs, 1), (many.Explanation.Tabs.Length, many.Problems.Length));
    }

    [Theory]
    [InlineData("""{"name": "Country", "type": "categorical", "nativeType": "string"}""", "Country (categorical: text)")]
    [InlineData("""{"name": "Count", "type": "numerical", "nativeType": "integer"}""", "Count (numerical: a whole number)")]
    [InlineData("""{"name": "Count", "type": "numerical"}""", "Count (numerical)")]
    [InlineData("""{"nativeType": "float"}""", "feature_a (a number)")]
    [InlineData("""{"name": " "}""", "feature_a")]
    public void Read_AddedFeature_IsExplainedByNameAndType(string feature, string explanation)
    {
        var manifest = Deploy.Manifests.PluginManifest.Read("m", RawJson.FromText("{\"stage\": \"s\", \"metadata\": {\"features\": {\"feature_a\": " + feature + "}}}").Utf8).Manifest!;

        Assert.Equal(explanation, Assert.Single(ExplanationReader.Read("s", null, manifest.Features).Explanation.Tabs[0].Inputs).Explanation);
    }

    private static ExplanationReading Read(string json) => ExplanationReader.Read("s", RawJson.FromText(json), []);

    private static (ExplainedInput Input, IReadOnlyList<SpecProblem> Problems) Input(string name, string description)
    {
        var json = $"{{\"inputs\": {{{JsonSerializer.Serialize(name)}: {description}}}}}";
        var reading = ExplanationReader.Read("s", RawJson.FromText(json), ContractExamples.Manifest().Features);
        return (reading.Explanation.Tabs[0].Inputs[0], reading.Problems);
    }
}
