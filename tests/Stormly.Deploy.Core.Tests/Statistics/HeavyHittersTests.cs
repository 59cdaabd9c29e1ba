using System.Text;
using Stormly.Deploy.Model;
using Stormly.Deploy.Statistics;

namespace Stormly.Deploy.Core.Tests.Statistics;

/// <summary>The sketch beside exact counts.</summary>
public class HeavyHittersTests
{
    public static TheoryData<string, int, int> Streams()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var kind in new[] { "skewed", "even", "all distinct", "rotating", "frequent last", "frequent first" })
        {
            foreach (var capacity in new[] { 1, 8, 64 })
            {
                data.Add(kind, capacity, 20_000);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Add_AnyStream_CountsWithinTheStatedError(string kind, int capacity, int length)
    {
        var sketch = new HeavyHitters(capacity);
        var exact = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var value in Stream(kind, length))
        {
            exact[value] = exact.GetValueOrDefault(value) + 1;
            sketch.Add(Encoding.UTF8.GetBytes(value), 1);
        }

        Assert.Equal(length, sketch.Total);
        Assert.InRange(sketch.MaxError, 0, length / capacity);
        var read = sketch.Read().ToDictionary(v => v.Value.ToString(), StringComparer.Ordinal);
        Assert.InRange(read.Count, 1, capacity);
        foreach (var (value, counted) in read)
        {
            Assert.InRange(exact[value], counted.Least, counted.Count);
            Assert.InRange(counted.Count - exact[value], 0, length / capacity);
        }

        // Every value that is more than one in so many is there.
        Assert.All(exact.Where(e => e.Value > length / capacity), e => Assert.True(read.ContainsKey(e.Key), $"{e.Key} was seen {e.Value} times"));
    }

    [Theory]
    [InlineData("skewed")]
    [InlineData("all distinct")]
    [InlineData("rotating")]
    public void Halve_NowAndThen_KeepsBothBounds(string kind)
    {
        var sketch = new HeavyHitters(16);
        var exact = new Dictionary<string, double>(StringComparer.Ordinal);
        var n = 0;
        foreach (var value in Stream(kind, 20_000))
        {
            exact[value] = exact.GetValueOrDefault(value) + 1;
            sketch.Add(Encoding.UTF8.GetBytes(value), 1);
            if (++n % 3000 == 0)
            {
                sketch.Halve();
                exact = exact.ToDictionary(e => e.Key, e => e.Value / 2, StringComparer.Ordinal);
            }
        }

        Assert.All(sketch.Read(), v => Assert.InRange(exact[v.Value.ToString()], v.Least, v.Count));
    }

    [Fact]
    public void Restore_WithoutTheRareOnes_NeverCountsTooLittleAndNeverClaimsTooMuch()
    {
        var before = new HeavyHitters(64);
        var exact = new Dictionary<string, long>(StringComparer.Ordinal);
        var stream = Stream("skewed", 5000).ToList();
        foreach (var value in stream.Take(2500))
        {
            before.Add(Encoding.UTF8.GetBytes(value), 1);
        }

        var all = before.Read();
        var kept = all.Where(v => v.Least > 100).ToList();
        Assert.InRange(kept.Count, 1, all.Count - 1);
        var after = new HeavyHitters(64);
        after.Restore(before.Total, Math.Max(before.MaxError, all.Except(kept).Max(v => v.Count)), kept);
        foreach (var value in stream.Skip(2500))
        {
            after.Add(Encoding.UTF8.GetBytes(value), 1);
        }

        foreach (var value in stream)
        {
            exact[value] = exact.GetValueOrDefault(value) + 1;
        }

        Assert.All(after.Read(), v => Assert.InRange(exact[v.Value.ToString()], v.Least, v.Count));
        Assert.Equal(exact.MaxBy(e => e.Value).Key, after.Read()[0].Value.ToString());
    }

    [Fact]
    public void Callers_EachWithABit_AreNeverOverestimated()
    {
        var sketch = new HeavyHitters(2);
        for (var i = 0; i < 1000; i++)
        {
            sketch.Add("\"one person's\""u8, 1UL << 7);
            sketch.Add("\"many\""u8, 1UL << (i % 20));
        }

        Assert.Equal([20, 1], sketch.Read().Select(v => v.LeastCallers).OrderDescending());
    }

    [Fact]
    public void Callers_ValueThatComesBack_BeginsAgain()
    {
        var sketch = new HeavyHitters(1);
        sketch.Add("1"u8, 1);
        sketch.Add("1"u8, 2);
        sketch.Add("2"u8, 4);
        sketch.Add("1"u8, 8);

        var only = Assert.Single(sketch.Read());
        Assert.Equal((RawJson.FromText("1"), 4L, 1L, 1), (only.Value, only.Count, only.Least, only.LeastCallers));
    }

    [Fact]
    public void Bytes_AllDistinctAndLong_StayWithinTheCounters()
    {
        var sketch = new HeavyHitters(64);
        for (var i = 0; i < 10_000; i++)
        {
            sketch.Add(Encoding.UTF8.GetBytes(i.ToString("d100", System.Globalization.CultureInfo.InvariantCulture)), 1);
            Assert.InRange(sketch.Bytes, 0, 64 * (HeavyHitters.CounterBytes + 100));
        }
    }

    private static IEnumerable<string> Stream(string kind, int length)
    {
        var random = new Random(4711);
        for (var i = 0; i < length; i++)
        {
            yield return kind switch
            {
                "skewed" => ((int)Math.Exp(random.NextDouble() * 7)).ToString(System.Globalization.CultureInfo.InvariantCulture),
                "even" => random.Next(50).ToString(System.Globalization.CultureInfo.InvariantCulture),
                "all distinct" => $"v{i}",
                "rotating" => $"v{i % 65}",
                "frequent last" => i > length * 2 / 3 ? "late" : $"v{i}",
                _ => i < length / 3 ? "early" : $"v{i}",
            };
        }
    }
}
