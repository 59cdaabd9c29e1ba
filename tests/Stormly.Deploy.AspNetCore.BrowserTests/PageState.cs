using Microsoft.Playwright;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A state that a page can be in, as a person would bring it about.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Explain">The plugin's <c>explain</c>; null where it has none.</param>
/// <param name="Arrange">Prepares the host application.</param>
/// <param name="Act">What the visitor does.</param>
/// <param name="Manifest">The plugin's manifest; the churn sample's where it is null.</param>
/// <param name="Place">What follows the plugin's address.</param>
/// <param name="Configure">Sets options.</param>
/// <param name="Guard">How the host application asks who calls; null where it does not.</param>
internal sealed record PageState(
    string Name, string? Explain, Action<PluginPages>? Arrange = null, Func<PluginPages, Visitor, Task>? Act = null, string? Manifest = null, string Place = "",
    Action<PluginDeploymentOptions>? Configure = null, Guard? Guard = null)
{
    /// <summary>Every state.</summary>
    public static IReadOnlyList<PageState> All { get; } =
    [
        new("ordinary", PluginTexts.Explain, KnowVisitor),
        new("answered", PluginTexts.Explain, KnowVisitor, SendAsync),
        new("refused", PluginTexts.Explain, KnowVisitor, SendWrongValuesAsync),
        new("plugin-failed", PluginTexts.Explain, static p => p.Backend.OnRequest = static (_, c) => PluginPages.Answer(c, "Traceback: secret", "500 Oops"), SendAsync),
        new("network-lost", PluginTexts.Explain, null, LoseNetworkAsync),
        new("overridden", PluginTexts.Explain, KnowVisitor, static (_, v) => v.Page.Locator("[data-override]").First.ClickAsync()),
        new("tabs", PluginTexts.Tabs, null, null, null, "?tab=predict-for-a-segment-b-amp-b"),
        new("unexplained", null, static p => p.Describe = static d => d with { LastAnswer = Model.RawJson.FromText("""{"probability": 0.41, "label": "stays"}""") }),
        new("nothing-known", null, Manifest: PluginTexts.EmptyManifest),
        new("hostile", PluginTexts.Hostile, static p => p.Describe = Descriptions.VerifyAll),
        new("hostile-answered", PluginTexts.Hostile, HostileAnswer, SendAsync),
        new("missing", PluginTexts.Explain, Place: "x"),
        new("not-signed-in", PluginTexts.Explain, KnowVisitor, SendAsync, Guard: new Guard()),
        new("not-allowed", PluginTexts.Explain, KnowVisitor, SendAsReaderAsync, Guard: new Guard()),
        new("redirected", PluginTexts.Explain, KnowVisitor, SendAsync, Guard: new Guard(Redirects: true)),
        new("too-large", PluginTexts.Explain, KnowVisitor, SendMuchAsync, Configure: static o => o.Requests.MaxBodyBytes = 2000),
        new("overloaded", PluginTexts.Explain, KnowVisitor, SendBesideOthersAsync, Configure: static o => (o.Routing.MaxRequestsPerInstance, o.Routing.QueueLength) = (1, 0)),
        new("unavailable", PluginTexts.Explain, KnowVisitor, SendToNobodyAsync, Configure: static o => o.Routing.QueueTimeout = TimeSpan.FromMilliseconds(100)),
    ];

    /// <summary>Finds a state by its name.</summary>
    public static PageState Of(string name) => All.First(s => s.Name == name);

    /// <summary>Starts the host application, brings a visitor, and lets the visitor act.</summary>
    public async Task<(PluginPages Pages, Visitor Visitor)> ReachAsync(IBrowser browser, int width = 1280, int height = 900, ColorScheme theme = ColorScheme.Light, string pathBase = "")
    {
        var pages = await PluginPages.StartAsync(Explain, Manifest ?? PluginTexts.Manifest, pathBase, Configure, Guard);
        Arrange?.Invoke(pages);
        var visitor = await Visitor.ComeAsync(browser, pages.Url(Place), width, height, theme);
        if (Act is not null)
        {
            await visitor.OpenSheetAsync();
            await Act(pages, visitor);
        }

        return (pages, visitor);
    }

    private static void KnowVisitor(PluginPages pages)
    {
        pages.Detected = Descriptions.Detected;
        pages.Describe = Descriptions.VerifyAll;
    }

    private static Task SendAsync(PluginPages pages, Visitor visitor) => visitor.SendAsync();

    private static async Task SendAsReaderAsync(PluginPages pages, Visitor visitor)
    {
        await visitor.SignInAsync(pages, "reader");
        await visitor.SendAsync();
    }

    private static async Task SendMuchAsync(PluginPages pages, Visitor visitor)
    {
        await visitor.CloseSheetAsync();
        await visitor.Field("plan").FillAsync(new string('x', 3000));
        await visitor.OpenSheetAsync();
        await visitor.SendAsync();
    }

    /// <summary>Every instance is busy with somebody else.</summary>
    private static async Task SendBesideOthersAsync(PluginPages pages, Visitor visitor)
    {
        pages.Backend.OnRequest = static (_, c) => Task.Delay(Timeout.Infinite, c.Ended);
        await visitor.Page.EvaluateAsync("""
            () => { for (const _ of [1, 2]) { fetch(location.href, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"props":{"user_created":1}}' }).catch(() => {}); } }
            """);
        await Waiting.UntilAsync(() => pages.Deployments.Get("churn")!.Instances.Sum(i => i.InFlight) == 2, "both instances to be busy", TestContext.Current.CancellationToken);
        await visitor.SendAsync();
    }

    /// <summary>Every instance has died, and their substitutes take their time.</summary>
    private static async Task SendToNobodyAsync(PluginPages pages, Visitor visitor)
    {
        pages.Backend.BeforeStart = static token => Task.Delay(Timeout.Infinite, token);
        foreach (var instance in pages.Backend.Started)
        {
            await instance.KillAsync();
        }

        await Waiting.UntilAsync(() => pages.Deployments.Get("churn")!.ReadyInstances == 0, "both instances to be gone", TestContext.Current.CancellationToken);
        await visitor.SendAsync();
    }

    private static void HostileAnswer(PluginPages pages)
    {
        var body = System.Text.Json.JsonSerializer.Serialize(PluginTexts.Naughty.ToDictionary(n => n, n => n));
        pages.Backend.OnRequest = (_, c) => PluginPages.Answer(c, body);
    }

    private static async Task SendWrongValuesAsync(PluginPages pages, Visitor visitor)
    {
        await visitor.CloseSheetAsync();
        await visitor.Field("user_created").FillAsync("");
        await visitor.Field("feature_d3e4f5061").FillAsync("many");
        await visitor.OpenSheetAsync();
        await visitor.SendAsync();
    }

    private static async Task LoseNetworkAsync(PluginPages pages, Visitor visitor)
    {
        await visitor.Page.Context.SetOfflineAsync(true);
        await visitor.SendAsync();
    }
}
