using System.Text;
using CsCheck;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Process.Tests.Launching;

public class OutputTailTests
{
    [Fact]
    [Trait("Fault", "30")]
    public void Append_AnyPiecesOfAnySize_KeepsTheLastBytes()
        => Gen.Int[1, 40].Select(Gen.Int[0, 5000].Array[0, 12]).Sample((kilobytes, sizes) =>
        {
            var capacity = kilobytes * 64;
            var tail = new OutputTail(capacity);
            var all = new StringBuilder();
            foreach (var size in sizes)
            {
                var piece = new string((char)('a' + (all.Length % 26)), size);
                all.Append(piece);
                tail.Append(Encoding.ASCII.GetBytes(piece));
            }

            var kept = all.ToString();
            kept = kept.Length > capacity ? kept[^capacity..] : kept;
            Assert.Equal(kept, tail.Render());
            Assert.Equal(all.Length, tail.BytesWritten);
        });

    [Fact]
    [Trait("Fault", "30")]
    public void Render_HostileBytes_IsPrintable()
    {
        var tail = new OutputTail(1024);

        tail.Append("\u001b[31mred\u0007\u202e \0"u8);
        tail.Append([0xFF, 0xC3, 0x28]);

        Assert.Equal("\\u001b[31mred\\u0007\\u202e \\u0000\uFFFD\uFFFD(", tail.Render());
    }

    [Fact]
    public void Render_RingCutInsideACharacter_LeavesItsRestOut()
    {
        var tail = new OutputTail(1024);

        tail.Append(Encoding.UTF8.GetBytes("€" + new string('x', 1022)));

        Assert.Equal(new string('x', 1022), tail.Render());
    }

    [Fact]
    public void Render_ManyLines_ShowsTheLastFifty()
    {
        var tail = new OutputTail(64 * 1024);

        tail.Append(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(1, 200).Select(i => $"line {i}\r\n"))));

        Assert.Equal(string.Join('\n', Enumerable.Range(151, 50).Select(i => $"line {i}")), tail.Render());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    [InlineData("one", "one")]
    [InlineData("one\n", "one")]
    [InlineData("\none\ttwo\n", "\none\ttwo")]
    public void Render_FewLines_ShowsThem(string written, string shown)
    {
        var tail = new OutputTail(1024);

        tail.Append(Encoding.UTF8.GetBytes(written));

        Assert.Equal(shown, tail.Render());
    }
}
