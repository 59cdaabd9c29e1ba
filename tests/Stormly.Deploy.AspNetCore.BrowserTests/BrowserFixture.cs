using Microsoft.Playwright;
using Stormly.Deploy.AspNetCore;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace Stormly.Deploy.AspNetCore;

/// <summary>One Chromium for all tests: the distribution's, since this package brings none and nothing is fetched.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>Milliseconds to wait for what must come. Nothing here is about speed: a machine that is busy with other tests may take its time.</summary>
    internal const int Patience = 120_000;

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string _reason = "";

    /// <summary>Skips the test where there is no browser.</summary>
    public IBrowser Browser
    {
        get
        {
            Assert.SkipWhen(_browser is null, _reason);
            return _browser;
        }
    }

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        if (Places.FirstOrDefault(File.Exists) is not { } chromium)
        {
            _reason = $"There is no Chromium here (looked for {string.Join(", ", Places)}).";
            return;
        }

        try
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = Flags, Headless = true, Timeout = Patience });
        }
        catch (Exception error) when (error is PlaywrightException or System.ComponentModel.Win32Exception)
        {
            _reason = $"Chromium cannot be started here: {error.Message}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
