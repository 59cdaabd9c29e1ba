using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Stormly.Deploy.Documents;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Core.Tests.Documents;

public sealed class MarkdownDocumentTests
{
    private static readonly MarkdownPipeline Everything = new MarkdownPipelineBuilder().UseAdvancedExtensions().UseEmojiAndSmiley().Build();

    [Fact]
    public void Write_Full_IsWhatOneReadsAtATerminal()
    {
        var text = Write(Descriptions.Full);
        var expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TestData", "full.md"));

        Assert.Equal(expected, text);
    }

    [Theory]
    [MemberData(nameof(Descriptions.Names), MemberType = typeof(Descriptions))]
    [Trait("Fault", "68")]
    public void Write_Any_HoldsNoMarkupButOurOwn(string name)
    {
        var description = Descriptions.Find(name);
        var document = Markdig.Markdown.Parse(Write(description), Everything);

        var kinds = document.Descendants().Select(d => d.GetType()).Distinct().Except(
        [
            typeof(HeadingBlock), typeof(ParagraphBlock), typeof(ListBlock), typeof(ListItemBlock), typeof(FencedCodeBlock), typeof(LiteralInline), typeof(CodeInline), typeof(HtmlEntityInline),
        ]);
        Assert.Empty(kinds);
        var tabs = description.Explanation.Tabs.Length;
        Assert.Equal(1, document.Descendants<HeadingBlock>().Count(h => h.Level == 1));
        Assert.Equal(tabs > 1 ? tabs + 1 : document.Descendants<HeadingBlock>().Count() - 1, document.Descendants<HeadingBlock>().Count(h => h.Level == 2));
    }

    [Theory]
    [MemberData(nameof(Descriptions.Names), MemberType = typeof(Descriptions))]
    public void Write_Any_NamesEveryInputAndHoldsEveryOutput(string name)
    {
        var description = Descriptions.Find(name);
        var document = Markdig.Markdown.Parse(Write(description), Everything);

        var code = document.Descendants<CodeInline>().Select(c => c.Content).ToHashSet();
        Assert.All(description.Explanation.Tabs.SelectMany(t => t.Inputs).Where(i => i.Name != "now"), i => Assert.True(code.Contains(i.Name) || code.Contains(ShownJson.Quote(i.Name)), i.Name));
        var blocks = document.Descendants<FencedCodeBlock>().Select(b => b.Lines.ToString()).ToHashSet();
        Assert.All(description.Explanation.Tabs.SelectMany(t => t.Outputs), o => Assert.Contains(ShownJson.Lines(o), blocks));
        Assert.Equal(description.Explanation.Tabs.All(t => t.Outputs.IsEmpty) && description.LastAnswer is not null, blocks.Contains(description.LastAnswer is { } last ? ShownJson.Lines(last) : ""));
    }

    [Theory]
    [MemberData(nameof(Descriptions.Names), MemberType = typeof(Descriptions))]
    public void Write_Any_CannotBeSeenToHoldMoreThanItDoes(string name)
        => Assert.All(Write(Descriptions.Find(name)).EnumerateRunes(), r => Assert.True(r.Value == '\n' || ShownJson.Lines(RawJson.FromText(r.ToString())) == r.ToString(), $"U+{r.Value:X4}"));

    private static string Write(PluginDescription description) => Descriptions.Text(o => PluginDocuments.WriteMarkdown(description, Descriptions.Address, o));
}
