using Microsoft.Playwright;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Draws every state, for people to look at. It runs only where somebody asks for it: <c>STORMLY_SCREENSHOTS=FOLDER</c> and <c>-explicit only</c>; with <c>STORMLY_SCREENSHOTS_WHOLE=1</c> whole pages.</summary>
public sealed class GalleryTests(BrowserFixture fixture)
{
    public static TheoryData<string> States => [.. PageState.All.Select(s => s.Name)];

    [Theory(Explicit = true)]
    [MemberData(nameof(States))]
    public async Task Draw(string state)
    {
        var folder = Environment.GetEnvironmentVariable("STORMLY_SCREENSHOTS");
        Assert.False(string.IsNullOrEmpty(folder), "Set STORMLY_SCREENSHOTS to the folder that the pictures go to.");
        foreach (var (width, theme) in new[] { (1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Light), (320, ColorScheme.Dark), (768, ColorScheme.Light) })
        {
            var (pages, visitor) = await PageState.Of(state).ReachAsync(fixture.Browser, width, width < 500 ? 844 : 900, theme);
            await using (pages)
            await using (visitor)
            {
                var path = Path.Combine(folder, $"{state}-{width}-{theme.ToString().ToLowerInvariant()}.png");
                await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = Environment.GetEnvironmentVariable("STORMLY_SCREENSHOTS_WHOLE") == "1" });
                Assert.True(File.Exists(path));
            }
        }
    }
}
