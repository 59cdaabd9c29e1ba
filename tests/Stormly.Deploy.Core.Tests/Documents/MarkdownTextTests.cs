using System.Text;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Stormly.Deploy.Documents;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Core.Tests.Documents;

/// <summary>Judged by a reader of Markdown that is not ours, with every addition to CommonMark that it knows.</summary>
public sealed class MarkdownTextTests
{
    private static readonly MarkdownPipeline Everything = new MarkdownPipelineBuilder().UseAdvancedExtensions().UseEmojiAndSmiley().Build();
    private static readonly MarkdownPipeline Plain = new MarkdownPipelineBuilder().Build();

    /// <summary>But for half surrogate pairs, which theory data cannot hold.</summary>
    public static TheoryData<string> Texts() => [.. NaughtyStrings.All.Where(s => s.EnumerateRunes().All(r => r != Rune.ReplacementChar))];

    [Theory]
    [InlineData("{\n            \"a\": 1,\n\n            \"b\": [\n              2\n            ]\n          }", "{\n  \"a\": 1,\n\n  \"b\": [\n    2\n  ]\n}")]
    [InlineData("[\n1,\n  2 ]", "[\n1,\n  2 ]")]
    [InlineData("{\n\t\"a\": \"  \\n  \"\n}", "{\n \"a\": \"  \\n  \"\n}")]
    [InlineData("4.0", "4.0")]
    public void Lines_OfAValueThatStoodDeepInItsDocument_BeginAtTheMargin(string written, string shown)
        => Assert.Equal(shown, ShownJson.Lines(RawJson.FromText(written)));

    [Theory]
    [MemberData(nameof(Texts))]
    [Trait("Fault", "68")]
    public void Prose_OfAStranger_IsReadAsThatTextAndNothingElse(string text)
    {
        foreach (var pipeline in new[] { Plain, Everything })
        {
            foreach (var (before, seen, after) in new[] { ("Before: ", "Before: ", " after"), ("## ", "", ""), ("- `x`: ", "x: ", "") })
            {
                var document = Markdig.Markdown.Parse($"{before}{MarkdownText.Prose(text)}{after}", pipeline);

                Assert.Equal($"{seen}{Expected(text)}{after}".Trim(), Read(document).Trim());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    [Trait("Fault", "68")]
    public void Name_OfAStranger_IsOneCodeSpan(string text)
    {
        var document = Markdig.Markdown.Parse($"- {MarkdownText.Name(text)} (string)", Everything);

        var inlines = document.Descendants<ParagraphBlock>().Single().Inline!.ToList();
        Assert.Equal([typeof(CodeInline), typeof(LiteralInline)], inlines.Select(i => i.GetType()));
        Assert.Contains(((CodeInline)inlines[0]).Content, new[] { text, ShownJson.Quote(text) });
    }

    [Theory]
    [MemberData(nameof(Texts))]
    [Trait("Fault", "68")]
    public void Fence_OfAStranger_EndsWhereItShould(string text)
    {
        var document = Markdig.Markdown.Parse(MarkdownText.Fence("json", ShownJson.Lines(RawJson.FromText($"[\n\"{System.Text.Json.JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"\n]"))) + "\nend", Everything);

        Assert.Equal([typeof(FencedCodeBlock), typeof(ParagraphBlock)], document.Select(b => b.GetType()));
        Assert.Equal(["[", "]"], new[] { 0, 2 }.Select(i => ((FencedCodeBlock)document[0]).Lines.Lines[i].ToString()));
    }

    [Fact]
    public void Prose_PlainText_StaysAsItIs()
        => Assert.Equal("When the user's account was created (Unix time, in seconds); e.g. 12:30 - or later.", MarkdownText.Prose("When the user's account was created (Unix time, in seconds); e.g. 12:30 - or later."));

    [Fact]
    public void Prose_HalfSurrogatePair_IsShownAsMissing() => Assert.Equal("a \ufffd", MarkdownText.Prose("a " + '\ud800'));

    private static string Expected(string text) => PrintableText.Escape(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The text of a document in which there is text alone; fails on anything that is markup.</summary>
    private static string Read(ContainerBlock document)
    {
        var text = new StringBuilder();
        var block = Assert.Single(document.Descendants<LeafBlock>());
        Assert.True(block is ParagraphBlock or HeadingBlock, block.GetType().Name);
        foreach (var inline in block.Inline!)
        {
            text.Append(inline switch
            {
                LiteralInline literal when literal.GetType() == typeof(LiteralInline) => literal.Content.ToString(),
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                CodeInline code when code.Content is "x" || code.Content.Trim('@').Length == 0 => code.Content,
                _ => throw new InvalidOperationException($"{inline.GetType().Name} is live."),
            });
        }

        return text.ToString();
    }
}
