using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Plugins that say too much, or what they should not.</summary>
public sealed class HostileTests(BrowserFixture fixture)
{
    [Fact]
    [Trait("Fault", "68")]
    public async Task Texts_of_strangers_are_shown_as_text_and_sent_as_they_are()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Hostile, PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url());
        var page = visitor.Page;
        var dialogs = 0;
        page.Dialog += (_, _) => dialogs++;
        foreach (var text in PluginTexts.Naughty)
        {
            Assert.Equal(1, await page.EvaluateAsync<int>("text => [...document.querySelectorAll('.row .name')].filter(n => n.textContent === text).length", text));
            Assert.Equal(1, await page.EvaluateAsync<int>("text => [...document.querySelectorAll('.row p.says, .row .says > p')].filter(n => n.textContent === text).length", text));
        }

        await visitor.SendAsync();
        await Expect(page.Locator("#answer-code .chip-state")).ToHaveTextAsync("200");
        Assert.Equal(2, await page.Locator("script").CountAsync());
        Assert.Equal(0, await page.Locator("img, svg, iframe, object, [onerror], [onload], [style]").CountAsync());
        Assert.Equal("churn: how to call it", await page.TitleAsync());
        Assert.Equal(0, dialogs);
        Assert.Empty(visitor.Complaints);
        var hrefs = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('a')].map(a => a.href)");
        Assert.All(hrefs, h => Assert.StartsWith(pages.Address, h, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "68")]
    public async Task Texts_that_turn_the_direction_or_flow_over_stay_within_their_rows()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Hostile, PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url(), 390, 844);
        var isolated = await visitor.Page.EvaluateAsync<bool>("[...document.querySelectorAll('.row .name bdi, .row .says[dir], .row .says > *, .tabs bdi')].every(e => getComputedStyle(e).unicodeBidi.startsWith('isolate') || getComputedStyle(e).unicodeBidi === 'plaintext')");
        Assert.True(isolated);
        var clipped = await visitor.Page.EvaluateAsync<bool>("[...document.querySelectorAll('.row, .says, .head h3, .tabs a, .fields li')].every(e => getComputedStyle(e).overflowY !== 'visible')");
        Assert.True(clipped);
        var programs = await visitor.Page.EvaluateAsync<string>("[...document.querySelectorAll('[data-program], .chip, figure')].map(e => e.textContent).join('')");
        Assert.DoesNotContain(programs, c => c is '\u202E' or '\u2066' or '\u200B' or '\uFEFF' or '\u2028' or '\u200F');
    }

    [Theory]
    [Trait("Fault", "68")]
    [InlineData("[data-program]:visible .line")]
    [InlineData("#answer-text .line")]
    [InlineData("figure .line")]
    public async Task Stacked_accents_end_at_the_edges_of_their_line(string lines)
    {
        const string Named = """{"first": "ordinary", "NAME": "NAME"}""";
        var answer = Named.Replace("NAME", PluginTexts.Zalgo, StringComparison.Ordinal);
        var explain = $$$$"""{"output": [{{{{answer}}}}], "inputs": {"first": {"required": true, "importance": 1}, "{{{{PluginTexts.Zalgo}}}}": {"required": true, "examples": ["x"]}}}""";
        await using var pages = await PluginPages.StartAsync(explain, PluginTexts.EmptyManifest);
        pages.Backend.OnRequest = (_, c) => PluginPages.Answer(c, answer);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url());
        await visitor.Field("first").FillAsync("ordinary");
        await visitor.SendAsync();
        await Expect(visitor.Answer).ToContainTextAsync("ordinary");

        var all = visitor.Page.Locator(lines);
        var at = await all.EvaluateAllAsync<int>("lines => lines.findIndex(l => /\\p{M}{50}/u.test(l.textContent))");
        Assert.True(at > 0);
        var (stacked, above) = (all.Nth(at), all.Nth(at - 1));
        Assert.Contains("ordinary", await above.TextContentAsync(), StringComparison.Ordinal);
        var drawn = await DrawAsync(above);
        await stacked.EvaluateAsync("line => { line.style.visibility = 'hidden'; }");
        var alone = await DrawAsync(above);
        Assert.Equal(alone, drawn);

        // Where nothing holds them they do draw over it.
        await stacked.EvaluateAsync("line => { line.style.visibility = 'visible'; line.style.overflowY = 'visible'; }");
        Assert.NotEqual(alone, await DrawAsync(above));
    }

    /// <summary>A line's picture without the pixel at either edge, which it can share with its neighbour.</summary>
    private static async Task<byte[]> DrawAsync(ILocator line)
    {
        await line.ScrollIntoViewIfNeededAsync();
        var box = (await line.BoundingBoxAsync())!;
        return await line.Page.ScreenshotAsync(new PageScreenshotOptions { Clip = new Clip { X = box.X, Y = MathF.Ceiling(box.Y) + 1, Width = box.Width, Height = MathF.Floor(box.Height) - 3 } });
    }

    [Fact]
    [Trait("Fault", "68")]
    public async Task A_megabyte_of_explanation_in_five_hundred_inputs_stays_usable()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Large(500, 1, 1), PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url());
        var page = visitor.Page;
        Assert.InRange((await page.EvaluateAsync<string>("fetch(location).then(r => r.text())")).Length, 1_000_000, 4_000_000);
        await Expect(page.Locator(".row")).ToHaveCountAsync(505);
        await page.Locator("#filter").FillAsync("input_42");
        await Expect(page.Locator("#found")).ToHaveTextAsync("11 of 505");
        await Expect(page.Locator(".row:visible")).ToHaveCountAsync(11);
        await page.Locator("#filter").FillAsync("");
        await visitor.Field("input_499").FillAsync("hello");
        await Expect(visitor.Program).ToContainTextAsync("\"input_499\": \"hello\"");
        await visitor.SendAsync();
        await Expect(page.Locator("#answer-code .chip-state")).ToHaveTextAsync("200");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Fifty_tabs_can_be_gone_through()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Large(10, 50, 0), PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url("?tab=tab-number-49"), 390, 844);
        await Expect(visitor.Page.Locator(".tabs a")).ToHaveCountAsync(50);
        await Expect(visitor.Page.Locator(".tabs [aria-current]")).ToBeInViewportAsync();
        await visitor.Page.Locator(".tabs [aria-current]").FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Home");
        await Expect(visitor.Page.Locator(".tabs a").First).ToBeInViewportAsync();
        Assert.True(await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }
}
