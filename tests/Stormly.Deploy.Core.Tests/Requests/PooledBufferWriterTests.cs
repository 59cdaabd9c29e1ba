using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Core.Tests.Requests;

public sealed class PooledBufferWriterTests
{
    [Fact]
    public void Write_MoreThanItsCapacity_GrowsAndKeepsWhatWasWritten()
    {
        using var writer = new PooledBufferWriter(1);
        var expected = new List<byte>();
        for (var i = 0; i < 5000; i++)
        {
            var piece = Enumerable.Repeat((byte)i, i % 7).ToArray();
            piece.CopyTo(writer.GetSpan(piece.Length));
            writer.Advance(piece.Length);
            expected.AddRange(piece);
        }

        Assert.Equal(expected, writer.WrittenSpan.ToArray());
        Assert.Equal(expected.Count, writer.WrittenCount);
        Assert.Equal(expected, writer.WrittenMemory.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void GetMemory_WithAHint_HasAtLeastThatRoom(int hint)
    {
        using var writer = new PooledBufferWriter();
        writer.Advance(1000);

        Assert.True(writer.GetMemory(hint).Length >= Math.Max(hint, 1));
        Assert.True(writer.GetSpan(hint).Length >= Math.Max(hint, 1));
    }

    [Fact]
    public void Advance_PastTheMemoryThatWasGiven_Throws()
    {
        using var writer = new PooledBufferWriter();

        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(writer.GetSpan().Length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.GetSpan(-1));
        Assert.Equal(0, writer.WrittenCount);
    }

    [Fact]
    public void Clear_KeepsTheMemory()
    {
        using var writer = new PooledBufferWriter();
        writer.Advance(10);
        var before = writer.GetMemory().Length;

        writer.Clear();

        Assert.Equal(0, writer.WrittenCount);
        Assert.Equal(before + 10, writer.GetMemory().Length);
    }

    [Fact]
    public void Dispose_Twice_GivesTheMemoryBackOnceAndLaterWritesThrow()
    {
        var writer = new PooledBufferWriter();
        writer.Advance(10);
        writer.Dispose();
        writer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => writer.GetSpan());
        Assert.Throws<ObjectDisposedException>(() => writer.GetMemory(1));
    }
}
