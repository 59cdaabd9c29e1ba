using System.Text.Json;
using Stormly.Deploy.Documents;

namespace Stormly.Deploy.Core.Tests.Documents;

public sealed class ExplanationDocumentTests
{
    private static readonly global::Json.Schema.JsonSchema Documented = Schemas.Of(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "explain.schema.json")));

    [Theory]
    [MemberData(nameof(Descriptions.Names), MemberType = typeof(Descriptions))]
    public void Write_Any_IsWhatItsSchemaSays(string name)
        => Assert.True(Documented.Evaluate(JsonElement.Parse(Write(Descriptions.Find(name)))).IsValid);

    [Fact]
    public void Write_Full_TellsAllOfItWithExamplesByteForByte()
    {
        var text = Write(Descriptions.Full);
        var document = JsonElement.Parse(text);

        Assert.Equal((1, "churn"), (document.GetProperty("version").GetInt32(), document.GetProperty("plugin").GetString()));
        var inputs = document.GetProperty("tabs")[0].GetProperty("inputs").EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, i => i.GetRawText());
        Assert.DoesNotContain("now", inputs.Keys);
        Assert.Equal(
            """{"name":"user_created","required":true,"importance":0.8,"explanation":"When the user\u0027s account was created, Unix time in seconds","source":"caller","types":["number"],"examples":[1690000000,1.5e9],"examplesFrom":null,"feature":null}""",
            inputs["user_created"]);
        Assert.Equal(
            """{"name":"feature_b3","required":false,"importance":null,"explanation":"Country (text)","source":"detector","types":["string"],"examples":["NL"],"examplesFrom":"metadata","feature":"feature_b3"}""",
            inputs["feature_b3"]);
        Assert.Contains("""{"probability": 0.8312, "label": "leaves", "why": null}""", text, StringComparison.Ordinal);
        Assert.Contains("12345678901234567890", text, StringComparison.Ordinal);
        Assert.Equal("""{"key":"feature_b4","name":null,"kind":null,"nativeType":null,"mostCommon":null,"mostCommonFrom":null,"examples":[],"examplesFrom":null}""", document.GetProperty("features")[4].GetRawText());
        Assert.Equal(
            """{"tab":0,"input":"user_created","example":0,"at":"2023-11-14T22:13:20+00:00","seconds":0.012,"passed":true,"detail":null}""",
            document.GetProperty("verifications")[0].GetRawText());
        Assert.Equal("""{"probability":0.5}""", document.GetProperty("lastAnswer").GetRawText());
    }

    private static string Write(PluginDescription description) => Descriptions.Text(o => PluginDocuments.WriteExplanation(description, Descriptions.Address, o));
}
