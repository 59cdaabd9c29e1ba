using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Requests from the page that the plugin never gets, in applications that ask who calls among them: the words say what to do about it.</summary>
public sealed class RefusedTests(BrowserFixture fixture)
{
    [Theory]
    [InlineData("not-signed-in", "401", "warn", "This endpoint wants to know who calls it, and this page has no credentials for it. Sign in, or use one of the programs with yours.")]
    [InlineData("not-allowed", "403", "warn", "You may read this page, but not call this endpoint.")]
    [InlineData("redirected", "Redirected", "warn", "The application sends this request to another address instead of answering it, as many do with callers that have not signed in. Sign in, and send it again.")]
    [InlineData("too-large", "413", "warn", "2000 bytes")]
    [InlineData("overloaded", "429", "warn", "Try again in [0-9]+ second")]
    [InlineData("unavailable", "503", "bad", "Its instances failed, and others are being started\\.\\s*Try again in [0-9]+ second")]
    [InlineData("network-lost", "No answer", "bad", "The request did not get through: the network is down, or the server is. Send it again when it is back.")]
    public async Task I_am_told_why_nothing_came_of_it(string state, string code, string tone, string words)
    {
        var (pages, visitor) = await PageState.Of(state).ReachAsync(fixture.Browser);
        await using (pages)
        await using (visitor)
        {
            await Expect(visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync(code);
            await Expect(visitor.Page.Locator("#answer-code .chip-state")).ToHaveClassAsync(new Regex(tone));
            await Expect(visitor.Page.Locator("#answer-body")).ToContainTextAsync(new Regex(words));
            await Expect(visitor.Page.Locator("#live")).ToContainTextAsync(code);
            await Expect(visitor.Page.Locator("[data-send]")).ToHaveTextAsync("Send request");
            Assert.DoesNotContain(pages.Backend.Started.SelectMany(i => i.Requests), r => r.Contains("context", StringComparison.Ordinal) || r.Contains("plan", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(false, "403")]
    [InlineData(true, "Redirected")]
    public async Task I_can_send_it_again_once_I_am_somebody_who_may(bool redirects, string refused)
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest, guard: new Guard(redirects));
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url());
        await visitor.SignInAsync(pages, "reader");
        await visitor.SendAsync();
        await Expect(visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync(refused);
        await visitor.SignInAsync(pages, "caller");
        await visitor.SendAsync();
        await Expect(visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync("200");
        await Expect(visitor.Answer).ToContainTextAsync("leaves");
    }

    [Fact]
    public async Task Words_of_the_application_stand_above_those_of_the_page()
    {
        await using var pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest, guard: new Guard(HasProblems: true));
        await using var visitor = await Visitor.ComeAsync(fixture.Browser, pages.Url());
        await visitor.SendAsync();
        await Expect(visitor.Page.Locator("#answer-body p")).ToHaveCountAsync(2);
        await Expect(visitor.Page.Locator("#answer-body p").First).ToHaveTextAsync("Unauthorized");
        await Expect(visitor.Page.Locator("#answer-body p").Last).ToContainTextAsync("wants to know who calls it");
    }
}
