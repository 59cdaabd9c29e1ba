using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Stormly.Deploy.Documents;

namespace Stormly.Deploy.Core.Tests.Documents;

/// <summary>The reader of Markdown that GitHub uses, with all its additions, and HTML let through if there were any.</summary>
public sealed partial class MarkdownToolTests
{
    private static readonly string[] Ours = ["h1", "h2", "h3", "p", "ul", "li", "pre", "code"];

    [Theory]
    [MemberData(nameof(Descriptions.Names), MemberType = typeof(Descriptions))]
    [Trait("Fault", "68")]
    public async Task Write_Any_BecomesHtmlOfOurOwnTagsAlone(string name)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/cmark-gfm"), "There is no program 'cmark-gfm' on this machine.");
        var html = await RenderAsync(Descriptions.Text(o => PluginDocuments.WriteMarkdown(Descriptions.Find(name), Descriptions.Address, o)));

        Assert.Empty(Tag().Matches(html).Select(m => m.Groups[1].Value).Except(Ours));
        Assert.DoesNotMatch("<[a-z0-9]+ (?!lang=\"(sh|json)\")", html);
    }

    [Fact]
    public async Task Render_OfLiveMarkdown_ShowsWhatThisWouldFind()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/cmark-gfm"), "There is no program 'cmark-gfm' on this machine.");
        var html = await RenderAsync("a@example.org www.example.org <b>x</b> [x](y)\n");

        Assert.Equal(["a", "b"], Tag().Matches(html).Select(m => m.Groups[1].Value).Distinct().Except(Ours).Order());
        Assert.Equal(3, html.Split("<a ").Length - 1);
    }

    private static async Task<string> RenderAsync(string markdown)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/cmark-gfm", ["--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink", "-e", "tasklist", "-t", "html", "--github-pre-lang"])
        {
            RedirectStandardInput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            RedirectStandardOutput = true,
        };
        using var reader = Process.Start(start)!;
        var html = reader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await reader.StandardInput.WriteAsync(markdown);
        reader.StandardInput.Close();
        await reader.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, reader.ExitCode);
        return await html;
    }

    [GeneratedRegex("<([^ />]+)")]
    private static partial Regex Tag();
}
