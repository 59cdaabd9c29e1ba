using Stormly.Deploy.Model;

namespace Stormly.Deploy.Plans;

public class JsonDifferenceTests
{
    [Theory]
    [InlineData("""{"a": 1}""", """{"a": 2}""", "/a: 1 -> 2")]
    [InlineData("""{"a": 1}""", """{"a": 1.0}""", "/a: 1 -> 1.0")]
    [InlineData("""{"a": {"b": [1, 2]}}""", """{"a": {"b": [1, 3, 4]}}""", "/a/b/1: 2 -> 3|/a/b/2: + 4")]
    [InlineData("""{"a": 1, "b": 2}""", """{"b": 2, "c": null}""", "/c: + null|/a: - 1")]
    [InlineData("""{"a": []}""", """{"a": {}}""", "/a: [] -> {}")]
    [InlineData("""{"x/y~z": 1}""", """{"x/y~z": 2}""", "/x~1y~0z: 1 -> 2")]
    [InlineData("""{"a": "\u001b[31m"}""", """{"a": "b"}""", """/a: "\u001b[31m" -> "b" """)]
    [InlineData("""{"a": 1, "b": 2}""", """{"b": 2, "a": 1}""", ": the same values, written differently")]
    [InlineData("""{"a":1}""", """{ "a": 1 }""", ": the same values, written differently")]
    [InlineData("""{"a": 1}""", """{"a": 1}""", "")]
    [InlineData("1", "2", ": 1 -> 2")]
    public void Between_TwoTexts_NamesEveryPlaceThatDiffers(string before, string after, string expected)
        => Assert.Equal(expected.TrimEnd(), string.Join('|', Between(before, after).Listed));

    [Fact]
    public void Between_OneSideMissing_IsAddedOrRemovedAsAWhole()
    {
        Assert.Equal("/x: + [1]", JsonDifference.Between(null, RawJson.FromText("[1]"), "/x").Listed.Single().ToString());
        Assert.Equal("/x: - [1]", JsonDifference.Between(RawJson.FromText("[1]"), null, "/x").Listed.Single().ToString());
        Assert.Same(JsonChanges.None, JsonDifference.Between(null, null));
    }

    [Fact]
    public void Between_MoreDifferencesThanAreListed_CountsThemAll()
    {
        var changes = Between($"[{string.Join(',', Enumerable.Repeat("1", 500))}]", $"[{string.Join(',', Enumerable.Repeat("2", 500))}]");

        Assert.Equal(JsonChanges.MaxListed, changes.Listed.Length);
        Assert.Equal(500, changes.Count);
    }

    [Fact]
    public void Between_DeepAndLong_StaysBoundedInEveryPart()
    {
        var deep = string.Concat(Enumerable.Repeat($"{{\"{new string('k', 5_000)}\":", 60));
        var change = Between($"{deep}\"{new string('a', 10_000)}\"{new string('}', 60)}", $"{deep}1{new string('}', 60)}").Listed.Single();

        Assert.InRange(change.Pointer.Length, 1, 1000);
        Assert.InRange(change.Before!.Length, 1, 200);
    }

    [Fact]
    public void Between_HiddenAndSkippedPlaces_ShowsNoValueAndSaysNothing()
    {
        var changes = JsonDifference.Between(
            RawJson.FromText("""{"urls": {"a": "https://x?signature=1"}, "left": 1}"""),
            RawJson.FromText("""{"urls": {"a": "https://x?signature=2"}, "left": 2}"""),
            hides: static p => p.StartsWith("/urls", StringComparison.Ordinal),
            skips: static p => p == "/left");

        Assert.Equal("/urls/a: changed", changes.Listed.Single().ToString());
    }

    private static JsonChanges Between(string before, string after) => JsonDifference.Between(RawJson.FromText(before), RawJson.FromText(after));
}
