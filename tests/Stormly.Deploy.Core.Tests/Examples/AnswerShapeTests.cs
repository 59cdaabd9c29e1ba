using Stormly.Deploy.Examples;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Core.Tests.Examples;

public class AnswerShapeTests
{
    [Theory]
    [InlineData("""[{"score": 0.5}]""", """{"score": 1}""")]
    [InlineData("""[{"score": 1}]""", """{"score": 0.25, "more": [null]}""")]
    [InlineData("""[{"score": 1, "why": null}, {"score": 2, "why": "x"}]""", """{"score": 1, "why": "y"}""")]
    [InlineData("""[{"score": 1, "why": null}, {"score": 2, "why": "x"}]""", """{"why": null, "score": 1}""")]
    [InlineData("""[{"score": 1}, {"score": 1, "note": "x"}]""", """{"score": 1}""")]
    [InlineData("""[{"score": 1}, [1, "a"]]""", """["b", 2]""")]
    [InlineData("""[[0.9, "A"], [0.1, "B"]]""", """[]""")]
    [InlineData("""[[]]""", """[1, {"a": 2}]""")]
    [InlineData("""[{"a": [{"b": 1}, {"b": 2, "c": 3}]}]""", """{"a": [{"b": 4}]}""")]
    [InlineData("""[{}]""", """{"anything": 1}""")]
    public void FindDifference_AnswerLikeTheExamples_FindsNone(string examples, string answer) => Assert.Null(Find(examples, answer));

    [Theory]
    [InlineData("""[{"score": 0.5}]""", """[0.5]""", "at its root it has an array")]
    [InlineData("""[[1]]""", """{"a": 1}""", "have an array")]
    [InlineData("""[{"score": 0.5}]""", """{"score": "0.5"}""", "at /score it has a text, and the examples of explain.output have a number")]
    [InlineData("""[{"score": 0.5}]""", """{"score": null}""", "it has null")]
    [InlineData("""[{"score": 0.5, "a/b": {"x": true, "y": 1}}]""", """{"score": 1, "a/b": {"y": 2}}""", "it lacks /a~1b/x, which every example")]
    [InlineData("""[{"score": 0.5}]""", """{"error": "no model"}""", "it lacks /score")]
    [InlineData("""[[0.9, "A"]]""", """[0.9, "A", true]""", "at /2 it has true or false, and the examples of explain.output have a text or a number")]
    [InlineData("""[{"a": [{"b": 1}]}]""", """{"a": [{"b": 4}, {"c": 1}]}""", "it lacks /a/1/b")]
    public void FindDifference_AnswerOfAnotherShape_NamesTheFirst(string examples, string answer, string expected)
        => Assert.Contains(expected, Find(examples, answer), StringComparison.Ordinal);

    [Fact]
    public void FindDifference_DeepAnswer_IsReadToItsEnd()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":[", 400)) + string.Concat(Enumerable.Repeat("]}", 400));

        Assert.Null(Find("""[{"a": [{"a": []}]}]""", deep));
        Assert.Null(Find("""[{"b": 1}, {"a": 1}, {"a": []}]""", deep));
    }

    private static string? Find(string examples, string answer)
        => AnswerShape.FindDifference(JsonShape.Of(RawToken.Items(RawJson.FromText(examples))), RawJson.FromText(answer));
}
