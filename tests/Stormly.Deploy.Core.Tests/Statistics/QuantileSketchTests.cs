using Stormly.Deploy.Statistics;

namespace Stormly.Deploy.Core.Tests.Statistics;

/// <summary>The sketch beside a sorted list.</summary>
public class QuantileSketchTests
{
    private static readonly double[] Parts = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1];

    [Theory]
    [InlineData("random", 16)]
    [InlineData("random", 128)]
    [InlineData("rising", 16)]
    [InlineData("rising", 128)]
    [InlineData("falling", 64)]
    [InlineData("the same", 64)]
    [InlineData("zigzag", 64)]
    [InlineData("far apart", 128)]
    public void Rank_AnyStream_LiesWithinTheStatedError(string kind, int width)
    {
        const int Length = 50_000;
        var sketch = new QuantileSketch(width);
        var all = Stream(kind, Length).ToArray();
        foreach (var number in all)
        {
            sketch.Add(number);
        }

        Array.Sort(all);
        Assert.Equal(Length, sketch.Total);
        Assert.InRange(sketch.MaxRankError, 1, (long)(Length * (Math.Log2((double)Length / width) + 1) / width));
        foreach (var part in Parts)
        {
            var probe = all[(int)Math.Min(Length - 1, part * Length)];
            var exact = all.Count(n => n <= probe);
            Assert.InRange(Rank(sketch, probe), exact - sketch.MaxRankError, exact + sketch.MaxRankError);

            var answer = sketch.Quantile(part);
            var (below, upTo) = (all.Count(n => n < answer), all.Count(n => n <= answer));
            Assert.InRange(part * Length, below - sketch.MaxRankError - 1, upTo + sketch.MaxRankError + 1);
        }
    }

    [Fact]
    public void Rank_RandomNumbers_IsFarBetterThanTheStatedError()
    {
        var sketch = new QuantileSketch(128);
        foreach (var number in Stream("random", 100_000))
        {
            sketch.Add(number);
        }

        Assert.InRange(sketch.Quantile(0.5), 0.48, 0.52);
        Assert.InRange(sketch.Quantile(0.95), 0.94, 0.96);
    }

    [Fact]
    public void Halve_NowAndThen_KeepsTheStatedErrorAndLetsOldNumbersFade()
    {
        var sketch = new QuantileSketch(32);
        var exact = new List<(double Number, double Weight)>();
        var n = 0;
        foreach (var number in Stream("random", 6000).Concat(Stream("random", 6000).Select(x => x + 10)))
        {
            sketch.Add(number);
            exact.Add((number, 1));
            if (++n % 1000 == 0)
            {
                sketch.Halve();
                exact = [.. exact.Select(e => (e.Number, e.Weight / 2))];
                foreach (var probe in new[] { 0.1, 0.5, 0.9, 5, 10.5 })
                {
                    var rank = exact.Where(e => e.Number <= probe).Sum(e => e.Weight);
                    Assert.InRange(Rank(sketch, probe), rank - sketch.MaxRankError, rank + sketch.MaxRankError);
                }
            }
        }

        Assert.InRange(sketch.Quantile(0.5), 10, 11);
        Assert.InRange(sketch.Total, 500, 1100);
    }

    [Fact]
    public void Halve_UntilNothingIsLeft_Ends()
    {
        var sketch = new QuantileSketch(16);
        sketch.Halve();
        foreach (var number in Stream("random", 1000))
        {
            sketch.Add(number);
        }

        for (var i = 0; i < 20; i++)
        {
            sketch.Halve();
        }

        Assert.Equal(0, sketch.Total);
        Assert.True(double.IsNaN(sketch.Quantile(0.5)));
        sketch.Add(7);
        Assert.Equal(7, sketch.Quantile(0.5));
    }

    [Fact]
    public void Restore_WhatWasRead_AnswersTheSame()
    {
        var before = new QuantileSketch(64);
        foreach (var number in Stream("zigzag", 10_000))
        {
            before.Add(number);
        }

        var after = new QuantileSketch(64);
        after.Restore(before.MaxRankError, before.ReadLevels());

        Assert.Equal((before.Total, before.MaxRankError, before.Bytes), (after.Total, after.MaxRankError, after.Bytes));
        Assert.All(Parts, part => Assert.Equal(before.Quantile(part), after.Quantile(part)));
    }

    [Fact]
    public void Restore_IntoASmallerOne_StatesTheGreaterError()
    {
        var before = new QuantileSketch(128);
        var all = Stream("random", 10_000).ToArray();
        foreach (var number in all)
        {
            before.Add(number);
        }

        var after = new QuantileSketch(16);
        after.Restore(before.MaxRankError, before.ReadLevels());

        Assert.Equal(before.Total, after.Total);
        Assert.True(after.MaxRankError > before.MaxRankError);
        Assert.InRange(Rank(after, 0.5), all.Count(n => n <= 0.5) - after.MaxRankError, all.Count(n => n <= 0.5) + after.MaxRankError);
    }

    private static IEnumerable<double> Stream(string kind, int length)
    {
        var random = new Random(4711);
        for (var i = 0; i < length; i++)
        {
            yield return kind switch
            {
                "rising" => i,
                "falling" => -i,
                "the same" => 42,
                "zigzag" => i % 2 == 0 ? i : -i,
                "far apart" => Math.Pow(10, random.Next(-300, 300)),
                _ => random.NextDouble(),
            };
        }
    }

    private static long Rank(QuantileSketch sketch, double number) => sketch.Read().Where(n => n.Number <= number).Sum(n => n.Weight);
}
