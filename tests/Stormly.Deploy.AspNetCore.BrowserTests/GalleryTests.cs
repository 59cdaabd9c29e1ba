using Microsoft.Playwright;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Draws every state, for people to look at: <c>STORMLY_SCREENSHOTS=FOLDER</c>. Skipped where nobody asks for pictures.</summary>
public sealed class GalleryTests(BrowserFixture fixture)
{
    public static TheoryData<string> States => [.. PageState.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(States))]
    public async Task Draw(string state)
    {
        var folder = Environment.GetEnvironmentVariable("STORMLY_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "Set STORMLY_SCREENSHOTS to a folder to have every state drawn there.");
        foreach (var (width, theme) in new[] { (1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Light), (320, ColorScheme.Dark), (768, ColorScheme.Light) })
        {
            var (pages, visitor) = await PageState.Of(state).ReachAsync(fixture.Browser, width, width < 500 ? 844 : 900, theme);
            await using (pages)
            await using (visitor)
            {
                var path = Path.Combine(folder, $"{state}-{width}-{theme.ToString().ToLowerInvariant()}.png");
                await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = state is not ("answered" or "refused") || width > 500 });
                Assert.True(File.Exists(path));
            }
        }
    }
}
