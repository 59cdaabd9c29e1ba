using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A person at a browser window of their own. Everything that the browser complains about is kept.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => Complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, violations of the policy among them.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    public static async Task<Visitor> ComeAsync(IBrowser browser, string url, int width = 1280, int height = 900, ColorScheme theme = ColorScheme.Light, bool script = true, Action<BrowserNewContextOptions>? configure = null)
    {
        var options = new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = theme,
            JavaScriptEnabled = script,
            Locale = "en-US",
            // Colours that are still changing have no contrast to speak of.
            ReducedMotion = ReducedMotion.Reduce,
            Permissions = ["clipboard-read", "clipboard-write"],
        };
        configure?.Invoke(options);
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(BrowserFixture.Patience);
        var visitor = new Visitor(context, await context.NewPageAsync());
        await visitor.Page.GotoAsync(url);
        return visitor;
    }

    public ILocator Field(string name) => Page.Locator($"[data-name=\"{name}\"]");

    public ILocator Program => Page.Locator("[data-program]:visible code");

    public ILocator Answer => Page.Locator("#answer");

    /// <summary>Sends what the form holds, and waits for what came of it.</summary>
    public async Task SendAsync()
    {
        await Page.Locator("[data-send]").ClickAsync();
        await Assertions.Expect(Page.Locator("#answer-code .chip-state")).ToBeVisibleAsync();
    }

    /// <summary>Signs in, where the host application asks who calls.</summary>
    public async Task SignInAsync(PluginPages pages, string role)
    {
        var answer = await Page.Context.APIRequest.GetAsync(pages.Address + Guard.SignIn(role));
        Assert.Equal(200, answer.Status);
    }

    /// <summary>On a small screen: opens the sheet that the request is sent from.</summary>
    public Task OpenSheetAsync() => SheetAsync("false");

    /// <summary>On a small screen: puts the sheet away.</summary>
    public Task CloseSheetAsync() => SheetAsync("true");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private async Task SheetAsync(string from)
    {
        var button = Page.Locator($"[data-sheet][aria-expanded={from}]:visible");
        if (await button.CountAsync() > 0)
        {
            await button.ClickAsync();
        }
    }
}
