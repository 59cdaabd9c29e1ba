using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Stormly.Deploy.Core.Tests.Documents;
using Stormly.Deploy.Documents;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;
using JsonSchema = global::Json.Schema.JsonSchema;

namespace Stormly.Deploy.Core.Tests.Requests;

/// <summary>
/// What the schema says, and the contract does. A schema cannot tell duplicate names, half surrogate pairs, depth, size, and numbers beyond the range of a 64-bit
/// float; and it knows a type of inputs that are no features only from examples, while the contract lets them all through.
/// </summary>
public sealed class RequestSchemaTests
{
    private static readonly Gen<string> Name = OneOf("a", "b", "feature_x", "feature_y", "now", "a/b", "é\"<", "$ref");

    private static readonly Gen<string> Value = OneOf(
        "true", "false", "null", "0", "4.0", "4e2", "-1.5", "1e-3", "12345", "\"\"", "\"4\"", "\"x\\u0022\"", "[]", "[1,\"a\"]", "{}", "{\"a\":null}");

    private static readonly Gen<ExplainedInput> Input = Gen.Select(Name, Gen.Bool, Gen.Int[0, 4], Value.Array[0, 3], (name, required, type, examples) => new ExplainedInput
    {
        Name = name,
        Required = required,
        Feature = name.StartsWith("feature_", StringComparison.Ordinal) ? new FeatureDescriptor { Key = name, NativeType = (NativeType)type } : null,
        Examples = [.. examples.Select(RawJson.FromText)],
    });

    private static readonly Gen<ImmutableArray<ExplainedTab>> Tabs = Input.Array[0, 5].Array[1, 3].Select(tabs => tabs
        .Select((inputs, i) => new ExplainedTab { Title = tabs.Length == 1 ? null : $"Tab {i}", Inputs = [.. inputs.DistinctBy(n => n.Name)] }).ToImmutableArray());

    private static readonly Gen<string> Props = Gen.Select(Name, Value).Array[0, 6].Select(members => $"{{{string.Join(",", members.DistinctBy(m => m.Item1).Select(m => $"{Quote(m.Item1)}:{m.Item2}"))}}}");

    private static readonly Gen<string> Body = Gen.OneOf(
        Props.Select(p => $"{{\"props\":{p}}}"),
        Props.Select(p => $"{{\"props\":{p}}}"),
        Props.Select(p => $"{{\"context\":{p},\"props\":{p}}}"),
        Value.Select(v => $"{{\"props\":{v}}}"),
        Gen.Select(Value, Props, (v, p) => $"{{\"props\":{p},\"context\":{v}}}"),
        Props.Select(p => $"{{\"props\":{p},\"other\":1}}"),
        Props,
        Value);

    [Fact]
    public void Schema_AcceptsWhatTheContractAccepts_WhereTypesAreRules()
        => Gen.Select(Tabs, Body.Array[1, 10]).Sample(
            (tabs, bodies) =>
            {
                // Without examples nothing is inferred, and both must say the same of every body.
                var bare = tabs.Select(t => t with { Inputs = [.. t.Inputs.Select(i => i with { Examples = [] })] }).ToImmutableArray();
                var (schema, contract) = Both(bare);
                Assert.All(bodies, b => Assert.True(schema.Evaluate(JsonElement.Parse(b)).IsValid == contract.Send(b).Check.IsOk, b));
            },
            iter: 300);

    [Fact]
    public void Contract_AcceptsWhatTheSchemaAccepts_AlsoWhereTypesAreInferred()
        => Gen.Select(Tabs, Body.Array[1, 10]).Sample(
            (tabs, bodies) =>
            {
                var (schema, contract) = Both(tabs);
                Assert.All(bodies.Where(b => schema.Evaluate(JsonElement.Parse(b)).IsValid), b => contract.Accept(b));
            },
            iter: 300);

    [Fact]
    public void Examples_OfWholeRequests_AreAcceptedByBoth()
        => Tabs.Sample(
            tabs =>
            {
                var (schema, contract) = Both(tabs);
                var features = FeaturesOf(tabs);
                foreach (var body in tabs.SelectMany(t => new[] { RequestExample.Least(t, features), RequestExample.Most(t, features) }).OfType<RawJson>())
                {
                    Assert.True(schema.Evaluate(JsonElement.Parse(body.Utf8.Span)).IsValid, body.ToString());
                    contract.Accept(body.ToString());
                }
            },
            iter: 300);

    [Theory]
    [InlineData("""{"props":{"feature_x":1e999}}""")]
    [InlineData("""{"props":{"feature_x":1,"feature_x":1}}""")]
    [InlineData("""{"props":{"feature_x":1,"a":"\ud800"}}""")]
    public void Schema_WhatItCannotTell_TheContractRefuses(string body)
    {
        var contract = Contracts.OneTab(null, Contracts.Input("feature_x", feature: Contracts.Feature("feature_x", NativeType.Float)));

        Assert.NotEmpty(contract.Refuse(body));
    }

    [Fact]
    public void Write_TwoTabs_AreAlternativesOfWhichEachKnowsAllFeatures()
    {
        var schema = JsonElement.Parse(Descriptions.Text(o => PluginDocuments.WriteRequestSchema(Descriptions.Tabs, o)));

        Assert.Equal("""[{"$ref":"#/$defs/Props1"},{"$ref":"#/$defs/Props2"}]""", schema.GetProperty("properties").GetProperty("props").GetProperty("anyOf").GetRawText());
        var tabs = schema.GetProperty("$defs").EnumerateObject().Select(d => d.Value).ToList();
        Assert.Equal(["Predict for one user", "Predict for a segment <b>&amp;</b>"], tabs.Select(t => t.GetProperty("title").GetString()));
        Assert.All(tabs, t => Assert.Equal("boolean", t.GetProperty("properties").GetProperty("feature_acaa2cf5d").GetProperty("type") is { ValueKind: JsonValueKind.Array } a ? a[0].GetString() : t.GetProperty("properties").GetProperty("feature_acaa2cf5d").GetProperty("type").GetString()));
        Assert.Equal("""["user_created","feature_b1","feature_b2","feature_b3","feature_b4"]""", tabs[0].GetProperty("required").GetRawText());
    }

    [Fact]
    public void Write_Full_SaysTypeRequirednessAndExamples()
    {
        var schema = JsonElement.Parse(Descriptions.Text(o => PluginDocuments.WriteRequestSchema(Descriptions.Full, o)));
        var props = schema.GetProperty("$defs").GetProperty("Props").GetProperty("properties");

        Assert.False(props.TryGetProperty("now", out _));
        Assert.Equal("""{"type":"number","description":"When the user\u0027s account was created, Unix time in seconds","examples":[1690000000,1.5e9]}""", props.GetProperty("user_created").GetRawText());
        Assert.Equal("""{"type":["string","null"],"description":"The plan","examples":["free","team",null]}""", props.GetProperty("plan").GetRawText());
        Assert.Equal("""["object","array","null"]""", props.GetProperty("tags").GetProperty("type").GetRawText());
        Assert.Equal("{}", props.GetProperty("anything").GetRawText());
        Assert.Equal("[7]", props.GetProperty("feature_b1").GetProperty("examples").GetRawText());
        Assert.Equal("""["integer","null"]""", props.GetProperty("feature_b1").GetProperty("type").GetRawText());
        Assert.Equal("""["user_created","feature_acaa2cf5d","feature_b4"]""", schema.GetProperty("$defs").GetProperty("Props").GetProperty("required").GetRawText());
    }

    private static (JsonSchema Schema, RequestContract Contract) Both(ImmutableArray<ExplainedTab> tabs)
    {
        var (explanation, features) = (new PluginExplanation { Tabs = tabs }, FeaturesOf(tabs));
        var description = Descriptions.Bare with { Explanation = explanation, Features = features };
        return (Schemas.Of(Descriptions.Text(o => PluginDocuments.WriteRequestSchema(description, o))), RequestContract.Create(explanation, features, new RequestOptions()));
    }

    private static ImmutableArray<FeatureDescriptor> FeaturesOf(ImmutableArray<ExplainedTab> tabs) => [.. tabs.SelectMany(t => t.Inputs).Select(i => i.Feature).OfType<FeatureDescriptor>().DistinctBy(f => f.Key)];

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static string Quote(string name) => $"\"{JsonEncodedText.Encode(name)}\"";
}
