using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Stormly.Deploy.AspNetCore;

/// <summary>What must hold in every state of the page.</summary>
public sealed class EveryStateTests(BrowserFixture fixture)
{
    private static readonly string[] Refused = ["refused", "plugin-failed", "network-lost", "missing", "not-signed-in", "not-allowed", "too-large", "overloaded", "unavailable"];

    public static TheoryData<string> States => [.. PageState.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(States))]
    [Trait("Fault", "68")]
    public async Task Page_InBothThemes_HasNothingThatAnAccessibilityCheckerOrTheBrowserComplainsAbout(string state)
    {
        var (pages, visitor) = await PageState.Of(state).ReachAsync(fixture.Browser);
        await using (pages)
        await using (visitor)
        {
            foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await visitor.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
                Assert.Empty(await CheckAsync(visitor.Page));
            }

            AssertNoComplaints(state, visitor);
            Assert.DoesNotContain("owned", await visitor.Page.TitleAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    [Trait("Fault", "68")]
    public async Task Page_AtEveryWidth_NeverScrollsSideways(string state)
    {
        var (pages, visitor) = await PageState.Of(state).ReachAsync(fixture.Browser, 320);
        await using (pages)
        await using (visitor)
        {
            foreach (var width in new[] { 320, 390, 768, 1280 })
            {
                await visitor.Page.SetViewportSizeAsync(width, 800);
                var (inner, outer) = (await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await visitor.Page.EvaluateAsync<int>("document.documentElement.clientWidth"));
                Assert.True(inner <= outer, $"{state} at {width} px is {inner} px wide: {await WidestAsync(visitor.Page)}");
                if (width is 320 or 390)
                {
                    Assert.Empty(await CheckAsync(visitor.Page));
                }
            }
        }
    }

    [Theory]
    [InlineData("answered")]
    [InlineData("hostile")]
    [InlineData("missing")]
    public async Task Page_BelowAPathBase_Works(string state)
    {
        var (pages, visitor) = await PageState.Of(state).ReachAsync(fixture.Browser, pathBase: "/tenant-a");
        await using (pages)
        await using (visitor)
        {
            AssertNoComplaints(state, visitor);
            Assert.NotEqual("", await visitor.Page.EvaluateAsync<string>("document.documentElement.className"));
            if (state == "answered")
            {
                await Assertions.Expect(visitor.Answer).ToContainTextAsync("leaves");
                await Assertions.Expect(visitor.Program).ToContainTextAsync("/tenant-a/plugins/churn");
            }
        }
    }

    private static async Task<IEnumerable<string>> CheckAsync(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Assert.NotEmpty(result.Passes);
        return result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html} {string.Join(" ", n.Any.Select(c => c.Message))}"));
    }

    // A refused request, a lost network and a missing page are what these states are about; the browser notes them.
    private static void AssertNoComplaints(string state, Visitor visitor)
        => Assert.DoesNotContain(visitor.Complaints, c => !(c.StartsWith("Failed to load resource", StringComparison.Ordinal) && Refused.Contains(state)));

    private static Task<string> WidestAsync(IPage page) => page.EvaluateAsync<string>("""
        [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .filter(e => { for (let p = e.parentElement; p; p = p.parentElement) { if (getComputedStyle(p).overflowX !== 'visible') return false; } return true; })
            .slice(0, 5).map(e => e.outerHTML.slice(0, 200)).join('\n')
        """);
}
