using Microsoft.Playwright;

namespace Stormly.Deploy.AspNetCore;

/// <summary>A state that a page can be in, as a person would bring it about.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Explain">The plugin's <c>explain</c>; null where it has none.</param>
/// <param name="Arrange">Prepares the host application.</param>
/// <param name="Act">What the visitor does.</param>
/// <param name="Manifest">The plugin's manifest; the churn sample's where it is null.</param>
/// <param name="Place">What follows the plugin's address.</param>
internal sealed record PageState(
    string Name, string? Explain, Action<PluginPages>? Arrange = null, Func<Visitor, Task>? Act = null, string? Manifest = null, string Place = "")
{
    /// <summary>Every state.</summary>
    public static IReadOnlyList<PageState> All { get; } =
    [
        new("ordinary", PluginTexts.Explain, KnowVisitor),
        new("answered", PluginTexts.Explain, KnowVisitor, static v => v.SendAsync()),
        new("refused", PluginTexts.Explain, KnowVisitor, SendWrongValuesAsync),
        new("plugin-failed", PluginTexts.Explain, static p => p.Backend.OnRequest = static (_, c) => PluginPages.Answer(c, "Traceback: secret", "500 Oops"), static v => v.SendAsync()),
        new("network-lost", PluginTexts.Explain, null, LoseNetworkAsync),
        new("overridden", PluginTexts.Explain, KnowVisitor, static v => v.Page.Locator("[data-override]").First.ClickAsync()),
        new("tabs", PluginTexts.Tabs, null, null, null, "?tab=predict-for-a-segment-b-amp-b"),
        new("unexplained", null, static p => p.Describe = static d => d with { LastAnswer = Model.RawJson.FromText("""{"probability": 0.41, "label": "stays"}""") }),
        new("nothing-known", null, Manifest: PluginTexts.EmptyManifest),
        new("hostile", PluginTexts.Hostile, static p => p.Describe = Descriptions.VerifyAll),
        new("hostile-answered", PluginTexts.Hostile, HostileAnswer, static v => v.SendAsync()),
        new("missing", PluginTexts.Explain, Place: "x"),
    ];

    /// <summary>Finds a state by its name.</summary>
    public static PageState Of(string name) => All.First(s => s.Name == name);

    /// <summary>Starts the host application, brings a visitor, and lets the visitor act.</summary>
    public async Task<(PluginPages Pages, Visitor Visitor)> ReachAsync(IBrowser browser, int width = 1280, int height = 900, ColorScheme theme = ColorScheme.Light, string pathBase = "")
    {
        var pages = await PluginPages.StartAsync(Explain, Manifest ?? PluginTexts.Manifest, pathBase);
        Arrange?.Invoke(pages);
        var visitor = await Visitor.ComeAsync(browser, pages.Url(Place), width, height, theme);
        if (Act is not null)
        {
            await visitor.OpenSheetAsync();
            await Act(visitor);
        }

        return (pages, visitor);
    }

    private static void KnowVisitor(PluginPages pages)
    {
        pages.Detected = Descriptions.Detected;
        pages.Describe = Descriptions.VerifyAll;
    }

    private static void HostileAnswer(PluginPages pages)
    {
        var body = System.Text.Json.JsonSerializer.Serialize(PluginTexts.Naughty.ToDictionary(n => n, n => n));
        pages.Backend.OnRequest = (_, c) => PluginPages.Answer(c, body);
    }

    private static async Task SendWrongValuesAsync(Visitor visitor)
    {
        await visitor.CloseSheetAsync();
        await visitor.Field("user_created").FillAsync("");
        await visitor.Field("feature_d3e4f5061").FillAsync("many");
        await visitor.OpenSheetAsync();
        await visitor.SendAsync();
    }

    private static async Task LoseNetworkAsync(Visitor visitor)
    {
        await visitor.Page.Context.SetOfflineAsync(true);
        await visitor.SendAsync();
    }
}
