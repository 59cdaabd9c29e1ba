using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Getting about on the page: by mouse, by keyboard, without script, on a small screen.</summary>
public sealed class ReadingTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Tabs_have_addresses_of_their_own_and_answer_to_arrow_keys()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Tabs, PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url("?tab=predict-for-a-segment-b-amp-b"));
        var page = visitor.Page;
        await Expect(page.Locator(".tabs [aria-current]")).ToHaveTextAsync("Predict for a segment <b>&amp;</b>");
        await Expect(visitor.Field("segment")).ToBeVisibleAsync();
        await page.Locator(".tabs [aria-current]").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator(".tabs a").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(pages.Url("?tab=predict-for-one-user"));
        await Expect(visitor.Field("user_created")).ToBeVisibleAsync();
        await Expect(visitor.Field("segment")).ToHaveCountAsync(0);
        await page.GoBackAsync();
        await Expect(visitor.Field("segment")).ToBeVisibleAsync();
        await page.GotoAsync(pages.Url("?tab=nowhere"));
        await Expect(page.Locator(".tabs [aria-current]")).ToHaveTextAsync("Predict for one user");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Copying_puts_exactly_what_is_shown_on_the_clipboard_and_says_so()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url());
        await visitor.Page.Locator("[data-copy='#endpoint']").ClickAsync();
        await Expect(visitor.Page.Locator("#live")).ToHaveTextAsync("Copied.");
        Assert.Equal(pages.Url(), await visitor.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await visitor.Page.Locator(".languages label").GetByText("Python").ClickAsync();
        // The button shows it for a moment only, which may be over before anybody looks: the page keeps note of it.
        await visitor.Page.EvaluateAsync("() => { new MutationObserver(() => { document.documentElement.dataset.seen ??= document.querySelector('.choice .done')?.className; }).observe(document.querySelector('.choice'), { subtree: true, attributes: true }); }");
        await visitor.Page.Locator(".choice [data-copy]").ClickAsync();
        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-seen", new System.Text.RegularExpressions.Regex("done"));
        Assert.Equal(await visitor.Program.TextContentAsync(), await visitor.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task Copying_works_where_the_browser_has_no_clipboard_for_pages()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url());
        await visitor.Page.EvaluateAsync("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }");
        await visitor.Page.Locator("[data-copy='#endpoint']").ClickAsync();
        await Expect(visitor.Page.Locator("#live")).ToHaveTextAsync("Copied.");
        Assert.Equal(pages.Url(), await visitor.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await Expect(visitor.Page.Locator("[data-copy='#endpoint']")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_theme_that_I_choose_stays()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url());
        var toggle = visitor.Page.Locator("[data-theme-toggle]");
        var light = await GroundAsync();
        await toggle.ClickAsync();
        Assert.Equal(light, await GroundAsync());
        await toggle.ClickAsync();
        await Expect(toggle).ToHaveTextAsync("Theme: dark");
        var dark = await GroundAsync();
        Assert.NotEqual(light, dark);
        await visitor.Page.ReloadAsync();
        await Expect(toggle).ToHaveTextAsync("Theme: dark");
        Assert.Equal(dark, await GroundAsync());
        await toggle.ClickAsync();
        Assert.Equal(light, await GroundAsync());

        Task<string> GroundAsync() => visitor.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task With_the_keyboard_alone_I_reach_everything_see_where_I_am_and_send()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest);
        pages.Detected = Descriptions.Detected;
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url());
        var page = visitor.Page;
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await Expect(page.Locator(".skip")).ToBeInViewportAsync();
        var all = await page.EvaluateAsync<int>("[...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex=\"0\"]')].filter(e => e.checkVisibility({ visibilityProperty: true }) && !(e.type === 'radio' && !e.checked)).length");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < all; i++)
        {
            seen.Add(await page.EvaluateAsync<string>("(() => { const e = document.activeElement; const all = [...document.querySelectorAll('*')]; return `${e.tagName} ${all.indexOf(e)}`; })()"));
            Assert.True(await page.EvaluateAsync<bool>("(() => { const e = document.activeElement; const s = getComputedStyle(e.matches('.languages input') ? e.nextElementSibling : e); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0; })()"), $"stop {i}: {await page.EvaluateAsync<string>("document.activeElement.outerHTML")}");
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Equal(all, seen.Count);
        await visitor.Field("plan").FocusAsync();
        await page.Keyboard.TypeAsync("team");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("#answer-code .chip-state")).ToHaveTextAsync("200");
        await page.Locator("#lang-curl").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(visitor.Program).ToContainTextAsync("HttpClient");
    }

    [Fact]
    public async Task Without_script_everything_can_be_read()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest);
        pages.Detected = Descriptions.Detected;
        pages.Describe = Descriptions.VerifyAll;
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url(), script: false);
        var page = visitor.Page;
        var text = await page.Locator("main").InnerTextAsync();
        foreach (var words in new[] { "Healthy", "user_created", "Number of sessions", "feature_d3e4f5061", "17.5", "\"enterprise\"", "For you now", "\"NL\"", "0.8312", "last verified", "These programs work without it", pages.Url() })
        {
            Assert.Contains(words, words == "Healthy" ? await page.Locator("header").InnerTextAsync() : text, StringComparison.Ordinal);
        }

        Assert.Equal(0, await page.Locator("button:visible, textarea:visible, select:visible").CountAsync());
        foreach (var (language, words) in new[] { ("PHP", "<?php"), ("Python", "urllib"), ("C#", "HttpClient"), ("JavaScript", "fetch"), ("curl", "curl 'http") })
        {
            await page.Locator(".languages label").GetByText(language, new() { Exact = true }).ClickAsync();
            await Expect(visitor.Program).ToContainTextAsync(words);
        }
    }

    [Fact]
    public async Task On_a_small_screen_the_request_lives_in_a_sheet()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url(), 390, 844);
        var page = visitor.Page;
        var button = page.Locator("[data-sheet]");
        await Expect(page.Locator("[data-send]")).ToBeHiddenAsync();
        await visitor.Field("user_created").FillAsync("");
        await button.ClickAsync();
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(page.Locator("#try-title")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-send]")).ToBeHiddenAsync();
        await Expect(button).ToBeFocusedAsync();
        await button.ClickAsync();
        await visitor.SendAsync();
        await page.Locator(".problems a").ClickAsync();
        await Expect(page.Locator("[data-send]")).ToBeHiddenAsync();
        await Expect(visitor.Field("user_created")).ToBeFocusedAsync();
        await Expect(visitor.Field("user_created")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Nothing_moves_where_I_asked_for_that_and_forced_colours_keep_shapes()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest);
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url(), 390, 844, configure: static o => o.ForcedColors = ForcedColors.Active);
        var moving = await visitor.Page.EvaluateAsync<int>("[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration.split(',').some(d => parseFloat(d) > 0) || getComputedStyle(e).animationName !== 'none').length");
        Assert.Equal(0, moving);
        var borders = await visitor.Page.EvaluateAsync<int>("[...document.querySelectorAll('.chip-state, .badge, .chip, button, input[data-name], textarea, select')].filter(e => e.checkVisibility() && parseFloat(getComputedStyle(e).borderTopWidth) < 1).length");
        Assert.Equal(0, borders);
        await visitor.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.NoPreference });
        var longest = await visitor.Page.EvaluateAsync<double>("Math.max(...[...document.querySelectorAll('*')].flatMap(e => getComputedStyle(e).transitionDuration.split(',').map(parseFloat)))");
        Assert.InRange(longest, 0.01, 0.15);
    }
}
