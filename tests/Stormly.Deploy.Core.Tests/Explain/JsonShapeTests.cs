using System.Text;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Core.Tests.Explain;

public sealed class JsonShapeTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}""", """{"a":1}""", """{"a":2}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number"}},"required":["a"]}""", """{"a":1}""", """{"a":2.5}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number"}},"required":["a"]}""", """{"a":1.0}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number"}},"required":["a"]}""", """{"a":1e3}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a"]}""", """{"a":1}""", """{"a":2,"b":"x"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"boolean"}}}""", """{"a":1}""", """{"b":true}""", "{}")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string","null"]}},"required":["a"]}""", """{"a":null}""", """{"a":"x"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"null"}},"required":["a"]}""", """{"a":null}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string","integer","boolean"]}},"required":["a"]}""", """{"a":1}""", """{"a":"x"}""", """{"a":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["object","string"],"properties":{"b":{"type":"integer"}},"required":["b"]}},"required":["a"]}""", """{"a":"x"}""", """{"a":{"b":1}}""")]
    [InlineData("""{"type":"array","items":{"type":["string","number"]}}""", """[0.9998,"A"]""", """[0.1034,"B"]""")]
    [InlineData("""{"type":"array"}""", "[]", "[ ]")]
    [InlineData("""{"type":"array","items":{"type":"array","items":{"type":"integer"}}}""", "[[],[1]]", "[]")]
    [InlineData("""{"type":["object","array"],"properties":{"a":{"type":"integer"}},"required":["a"],"items":{"type":"integer"}}""", """{"a":1}""", "[2]")]
    [InlineData("""{"type":"object","properties":{}}""", "{}")]
    [InlineData("""{"type":"object","properties":{"a":{"properties":{}}},"required":["a"]}""", """{"a":1.5}""", """{"a":"x"}""", """{"a":false}""", """{"a":null}""", """{"a":[]}""", """{"a":{}}""")]
    public void Of_Examples_IsTheUnionOfTheirShapes(string schema, params string[] examples)
    {
        Assert.Equal(schema, Write(loose: false, examples));
    }

    [Fact]
    public void Write_Loose_AsksForNothingAndAllowsFractions()
        => Assert.Equal("""{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"array","items":{"type":"number"}}}}""", Write(loose: true, """{"a":1,"b":[2]}"""));

    [Fact]
    public void Of_DeeperThanTheBound_SaysNothingOfWhatIsBelow()
    {
        const int Depth = JsonShape.MaxDepth + 5;
        var schema = Write(loose: false, new string('[', Depth) + "1" + new string(']', Depth));
        Assert.Equal(JsonShape.MaxDepth + 1, schema.Split("\"array\"").Length - 1);
        Assert.DoesNotContain("integer", schema, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_MoreNamesThanTheBound_TakesTheRestTogether()
    {
        var members = Enumerable.Range(0, JsonShape.MaxNames + 50).Select(i => $"\"n{i}\":{(i < JsonShape.MaxNames ? "true" : "1")}");
        var schema = JsonElement.Parse(Write(loose: false, $"{{{string.Join(',', members)}}}"));
        Assert.Equal(JsonShape.MaxNames, schema.GetProperty("properties").EnumerateObject().Count());
        Assert.Equal("""{"type":"integer"}""", schema.GetProperty("additionalProperties").GetRawText());
    }

    private static string Write(bool loose, params string[] examples)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            var shape = JsonShape.Of(examples.Select(RawJson.FromText));
            json.WriteStartObject();
            SchemaWords.WriteShape(json, shape, shape.Kinds, loose);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
