using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore.Pages;

public sealed class JsonLayoutTests
{
    private const int Limit = 400;

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[[[]]]")]
    [InlineData("\"\"")]
    [InlineData("1")]
    public void Of_MoreThanTheLimit_IsCutWhateverItIsMadeOf(string item)
    {
        var json = $"[{string.Join(',', Enumerable.Repeat(item, 20_000))}]";

        var (pieces, whole) = JsonLayout.Of(RawJson.FromText(json), Limit);

        Assert.False(whole);
        Assert.InRange(pieces.Sum(p => p.Text.Length), Limit, Limit + 100);
    }

    [Fact]
    public void Of_LessThanTheLimit_IsWhole()
    {
        var (pieces, whole) = JsonLayout.Of(RawJson.FromText("""{"a":[],"b":[1,{"c":null}]}"""), Limit);

        Assert.True(whole);
        Assert.Equal("{\n  \"a\": [],\n  \"b\": [1, {\"c\": null}]\n}", string.Concat(pieces.Select(p => p.Text)));
    }
}
