using System.Text;
using Microsoft.Playwright;
using Stormly.Deploy.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Stormly.Deploy.AspNetCore;

/// <summary>Requests that a visitor sends from the page, through the real front, routing and control plane.</summary>
public sealed class TryItTests(BrowserFixture fixture) : IAsyncLifetime
{
    private PluginPages _pages = null!;
    private Visitor _visitor = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_visitor is not null)
        {
            await _visitor.DisposeAsync();
        }

        if (_pages is not null)
        {
            await _pages.DisposeAsync();
        }
    }

    [Fact]
    public async Task I_can_send_what_the_form_holds_and_read_the_answer_digit_by_digit()
    {
        await ComeAsync();
        await _visitor.Field("feature_d3e4f5061").FillAsync("12345678901234567890");
        await _visitor.Page.GetByRole(AriaRole.Button, new() { Name = "200000.0" }).ClickAsync();
        await _visitor.Field("plan").FillAsync("it's \"free\" <b>\nnow");
        await _visitor.SendAsync();
        await Expect(_visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync("200");
        await Expect(_visitor.Page.Locator("#answer-code .figure")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[0-9.]+ m?s$"));
        await Expect(_visitor.Answer).ToContainTextAsync("\"visits\": 12345678901234567890");
        await Expect(_visitor.Answer).ToContainTextAsync("\"threshold\": 4.0");
        await Expect(_visitor.Page.Locator("#live")).ToContainTextAsync("Answered with 200");
        var sent = SentRequest();
        Assert.Contains("\"user_created\":1610000000", sent, StringComparison.Ordinal);
        Assert.Contains("\"feature_d3e4f5061\":12345678901234567890", sent, StringComparison.Ordinal);
        Assert.Contains("\"feature_e4f506172\":200000.0", sent, StringComparison.Ordinal);
        Assert.Contains("\"plan\":\"it's \\\"free\\\" <b>\\nnow\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("context", sent, StringComparison.Ordinal);
        Assert.Empty(_visitor.Complaints);
    }

    [Fact]
    public async Task I_am_told_beside_each_field_what_is_wrong_with_it()
    {
        await ComeAsync();
        await _visitor.Field("user_created").FillAsync("");
        await _visitor.Field("feature_d3e4f5061").FillAsync("many");
        await _visitor.SendAsync();
        await Expect(_visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync("400");
        await Expect(_visitor.Page.Locator(".problems li")).ToHaveCountAsync(2);
        var field = _visitor.Field("feature_d3e4f5061");
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(field).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("must be a number.*\"many\""));
        await Expect(_visitor.Field("user_created")).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("is required"));
        await _visitor.Page.Locator(".problems a", new() { HasText = "feature_d3e4f5061" }).ClickAsync();
        await Expect(field).ToBeFocusedAsync();
        await field.FillAsync("4.0");
        await Expect(field).Not.ToHaveAttributeAsync("aria-invalid", "true");
        await _visitor.Page.GetByRole(AriaRole.Button, new() { Name = "1610000000" }).ClickAsync();
        await _visitor.SendAsync();
        await Expect(_visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync("200");
        Assert.Equal(0, await _visitor.Page.Locator("[aria-invalid]").CountAsync());
    }

    [Fact]
    public async Task A_plugin_that_fails_is_told_apart_from_a_bad_request_and_its_own_words_are_not_shown()
    {
        await ComeAsync();
        _pages.Backend.OnRequest = static (_, c) => PluginPages.Answer(c, "Traceback: secret", "500 Oops");
        await _visitor.SendAsync();
        await Expect(_visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync("502");
        await Expect(_visitor.Page.Locator("#answer-code .chip-state")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("bad"));
        Assert.DoesNotContain("secret", await _visitor.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_too_many_ask_I_am_told_when_to_come_back()
    {
        var held = new TaskCompletionSource();
        await ComeAsync(static o => (o.Routing.MaxRequestsPerInstance, o.Routing.QueueLength) = (1, 0));
        _pages.Backend.OnRequest = async (_, c) =>
        {
            await held.Task.WaitAsync(c.Ended);
            await PluginPages.Answer(c, "{}");
        };
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var others = Enumerable.Range(0, 2).Select(_ => http.PostAsync(new Uri(_pages.Url()), new StringContent("""{"props":{"user_created":1}}""", Encoding.UTF8, "application/json"), Token)).ToList();
        await Waiting.UntilAsync(() => _pages.Deployments.Get("churn")!.Instances.Sum(i => i.InFlight) == 2, "both instances to be busy", Token);
        await _visitor.SendAsync();
        await Expect(_visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync("429");
        await Expect(_visitor.Answer).ToContainTextAsync(new System.Text.RegularExpressions.Regex("Try again in \\d+ second"));
        held.SetResult();
        foreach (var other in await Task.WhenAll(others))
        {
            other.Dispose();
        }
    }

    [Fact]
    public async Task When_the_server_is_gone_I_am_told_that_nothing_came_back()
    {
        await ComeAsync();
        await _pages.StopAsync();
        await _visitor.SendAsync();
        await Expect(_visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync("No answer");
        await Expect(_visitor.Page.Locator("[data-send]")).ToHaveTextAsync("Send request");
    }

    [Fact]
    public async Task I_can_give_up_waiting()
    {
        await ComeAsync();
        _pages.Backend.OnRequest = static (_, c) => Task.Delay(Timeout.Infinite, c.Ended);
        await _visitor.Page.Locator("[data-send]").ClickAsync();
        await Expect(_visitor.Page.Locator("[data-send]")).ToHaveTextAsync("Cancel");
        await _visitor.SendAsync();
        await Expect(_visitor.Page.Locator("#answer-code .chip-state")).ToHaveTextAsync("Cancelled");
        await Expect(_visitor.Page.Locator("[data-send]")).ToHaveTextAsync("Send request");
    }

    [Fact]
    public async Task Programs_keep_step_with_the_form_in_every_language()
    {
        await ComeAsync();
        await _visitor.Field("plan").FillAsync("naughty ' ` ${x} '''");
        foreach (var language in new[] { "curl", "C#", "Python", "JavaScript", "PHP" })
        {
            await _visitor.Page.Locator(".languages label").GetByText(language, new() { Exact = true }).ClickAsync();
            await Expect(_visitor.Program).ToHaveCountAsync(1);
            await Expect(_visitor.Program).ToContainTextAsync("1610000000");
            await Expect(_visitor.Program).ToContainTextAsync("naughty");
            var (whole, selected) = (await _visitor.Program.TextContentAsync(), await _visitor.Program.EvaluateAsync<string>("code => { getSelection().selectAllChildren(code); return getSelection().toString(); }"));
            Assert.Equal(whole, selected);
        }

        await _visitor.Page.ReloadAsync();
        await Expect(_visitor.Program).ToContainTextAsync("<?php");
        await Expect(_visitor.Program).Not.ToContainTextAsync("naughty");
    }

    [Fact]
    public async Task A_value_that_was_found_for_me_gives_way_to_mine()
    {
        await ComeAsync();
        var row = _visitor.Page.Locator(".row", new() { HasText = "feature_b1c2d3e4f" });
        await Expect(row).ToContainTextAsync("For you now: \"NL\" from country of the address");
        await Expect(_visitor.Field("feature_b1c2d3e4f")).ToBeHiddenAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Override" }).ClickAsync();
        await Expect(_visitor.Field("feature_b1c2d3e4f")).ToBeFocusedAsync();
        await _visitor.Field("feature_b1c2d3e4f").FillAsync("DE");
        await _visitor.SendAsync();
        Assert.Contains("\"feature_b1c2d3e4f\":\"DE\"", SentRequest(), StringComparison.Ordinal);
        await row.GetByRole(AriaRole.Button, new() { Name = "Leave it" }).ClickAsync();
        await Expect(_visitor.Program).Not.ToContainTextAsync("feature_b1c2d3e4f");
    }

    /// <summary>The only request that the plugin got, whichever instance it was.</summary>
    private string SentRequest() => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Assert.Single(_pages.Backend.Started.SelectMany(i => i.Requests))));

    private async Task ComeAsync(Action<PluginDeploymentOptions>? configure = null)
    {
        _pages = await PluginPages.StartAsync(PluginTexts.Explain, PluginTexts.Manifest, configure: configure);
        _pages.Detected = Descriptions.Detected;
        _visitor = await Visitor.ComeAsync(fixture.Browser, _pages.Url());
    }
}
