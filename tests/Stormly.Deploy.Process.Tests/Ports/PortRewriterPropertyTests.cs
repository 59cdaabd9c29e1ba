using CsCheck;
using Stormly.Deploy.Process.Ports;

namespace Stormly.Deploy.Process.Tests.Ports;

/// <summary>What holds for every command line, however odd.</summary>
public class PortRewriterPropertyTests
{
    private static readonly string[] Pieces =
    [
        "5000", "15000", "50", "00", "-p", "--port", "=", "-b", ":", "0.0.0.0", "PORT=", "export", "env", " ", "  ", "\n", "\t", "\\", "\\\n", "'", "\"", "`", "$(", ")", "(", "$((", "{port}",
        "$PORT", "${PORT", "}", "${", "$", ";", "&", "|", "<", ">", "<<", ">&", "#", "sh", "-c", "eval", "x", "[::]", "http://", "/", "é🦊", "\u202e", "\r", "\0", "{", "!", "then", "-", "--", "%PORT%",
    ];

    private static readonly Gen<string> Commands = Gen.Int[0, Pieces.Length - 1].Array[0, 14].Select(i => string.Concat(i.Select(n => Pieces[n])));

    // Odd text around a place that is likely to be rewritten; the rest is passed over.
    private static readonly Gen<string> Likely = Gen.Select(Commands, Commands, (a, b) => string.Concat(a.Replace("5000", "7", StringComparison.Ordinal), " x -p 5000 ", b.Replace("5000", "7", StringComparison.Ordinal)));

    [Fact]
    [Trait("Fault", "67")]
    public void Rewrite_AnyCommand_ChangesNothingButTheDigits()
        => Commands.Sample(
            command =>
            {
                var result = PortRewriter.Rewrite(command, 5000, 18001);
                var expected = result.Verdict switch
                {
                    PortVerdict.Rewritten => 1,
                    PortVerdict.UsesPlaceholder => Count(command, "{port}"),
                    _ => 0,
                };
                Assert.Equal(expected > 0, result.Command != command);
                if (result.Verdict == PortVerdict.Rewritten)
                {
                    var at = PortOccurrences.Of(result.Command, "18001").Single();
                    Assert.Equal(command, string.Concat(result.Command.AsSpan(0, at), "5000", result.Command.AsSpan(at + 5)));
                }
                else if (result.Verdict == PortVerdict.UsesPlaceholder)
                {
                    Assert.Equal(command.Replace("${port}", "\u0001", StringComparison.Ordinal).Replace("{port}", "18001", StringComparison.Ordinal), result.Command.Replace("${port}", "\u0001", StringComparison.Ordinal));
                }

                Assert.Equal(result.CanMove, result.Reason.Length == 0);
            },
            iter: 20_000);

    [Fact]
    public void Rewrite_Rewritten_ReadsAsTheSameWordsButOne()
        => Likely.Where(c => PortRewriter.Rewrite(c, 5000, 18001).Verdict == PortVerdict.Rewritten).Sample(
            command =>
            {
                var before = ShellLexer.Read(command);
                var after = ShellLexer.Read(PortRewriter.Rewrite(command, 5000, 18001).Command);
                Assert.Equal(before.Tokens.Select(t => t.Role), after.Tokens.Select(t => t.Role));
                var changed = before.Tokens.Zip(after.Tokens).Where(p => p.First.Text != p.Second.Text && p.First.Role != ShellRole.Comment).ToList();
                Assert.Equal(changed.Single().First.Text.Replace("5000", "18001", StringComparison.Ordinal), changed.Single().Second.Text);
            },
            iter: 500);

    [Fact]
    public void Rewrite_ThereAndBack_IsTheCommandAgain()
        => Likely.Where(c => PortRewriter.Rewrite(c, 5000, 18001).Verdict == PortVerdict.Rewritten).Sample(
            command => Assert.Equal(command, PortRewriter.Rewrite(PortRewriter.Rewrite(command, 5000, 18001).Command, 18001, 5000).Command),
            iter: 500);

    [Fact]
    public void Read_AnyCommand_PutsEveryCharacterOfAWordWhereItStands()
        => Commands.Sample(
            command =>
            {
                foreach (var token in ShellLexer.Read(command).Tokens)
                {
                    Assert.InRange(token.Start, 0, token.End);
                    Assert.InRange(token.End, token.Start, command.Length);
                    Assert.Equal(token.IsWord ? token.Text.Length : 0, token.Origins.Length);
                    Assert.All(token.Origins.Zip(token.Text), o => Assert.Equal(o.Second, command[o.First]));
                }
            },
            iter: 5_000);

    // A quadratic reader would need minutes for these, and the suite's bound would end it.
    [Theory]
    [InlineData("'")]
    [InlineData("\"")]
    [InlineData("\"x\"")]
    [InlineData("$")]
    [InlineData("${")]
    [InlineData("${a}")]
    [InlineData("\\")]
    [InlineData("5000 ")]
    [InlineData("5000")]
    [InlineData("$PORTS ")]
    [InlineData("PORT")]
    [InlineData("a=")]
    [InlineData("${port}")]
    [InlineData("<")]
    [InlineData("# ")]
    [InlineData("sh ")]
    [Trait("Fault", "67")]
    public void Rewrite_HundredsOfKilobytes_AnswersAtOnce(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length));

        var result = PortRewriter.Rewrite(text + " x -p 5000", 5000, 18001);

        Assert.InRange(result.Reason.Length, 0, 400);
    }

    private static int Count(string text, string part)
    {
        var found = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
        {
            found += at == 0 || text[at - 1] != '$' ? 1 : 0;
        }

        return found;
    }
}
