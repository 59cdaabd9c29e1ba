using Microsoft.Extensions.Primitives;

namespace Stormly.Deploy.AspNetCore;

public sealed class MediaRangesTests
{
    private static readonly string[] Offered = ["text/markdown", "text/html", "application/json"];

    [Theory]
    [InlineData(null, "text/markdown")]
    [InlineData("", "text/markdown")]
    [InlineData("*/*", "text/markdown")]
    [InlineData("text/*", "text/markdown")]
    [InlineData("application/*", "application/json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "text/html")]
    [InlineData("text/html, */*", "text/html")]
    [InlineData("application/json, text/plain, */*", "application/json")]
    [InlineData("text/html;q=0.5, text/markdown;q=0.9", "text/markdown")]
    [InlineData("text/html, text/markdown", "text/markdown")]
    [InlineData("text/markdown;q=0, */*", "text/html")]
    [InlineData("text/html;q=0, text/*;q=0.4, application/json;q=0.3", "text/markdown")]
    [InlineData("TEXT/HTML", "text/html")]
    [InlineData("text/html;level=1;q=0.7, application/json;q=0.6", "text/html")]
    [InlineData("text/markdown; charset=utf-8; variant=GFM", "text/markdown")]
    [InlineData("application/json;q=0.001", "application/json")]
    [InlineData("*/*;q=0", null)]
    [InlineData("image/png", null)]
    [InlineData("text/plain, image/*;q=0.5", null)]
    [InlineData("text/html;q=0", null)]
    [InlineData("not a media type", "text/markdown")]
    public void Choose_ByQualityThenExactnessThenOrder(string? accept, string? expected)
    {
        var place = MediaRanges.Choose(accept, Offered);

        Assert.Equal(expected, place < 0 ? null : Offered[place]);
    }

    [Fact]
    public void Choose_SeveralHeaders_CountAsOne()
        => Assert.Equal(2, MediaRanges.Choose(new StringValues(["text/html;q=0.1", "application/json;q=0.2"]), Offered));
}
