namespace Stormly.Deploy.Routing;

public class LatencyHistogramTests
{
    [Theory]
    [InlineData(50, 50)]
    [InlineData(95, 95)]
    [InlineData(99.9, 100)]
    public void Percentile_HundredTimes_IsWithinABucketAndNeverBelow(double percent, double milliseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (var i in Enumerable.Range(1, 100))
        {
            histogram.Add(TimeSpan.FromMilliseconds(i));
        }

        Assert.InRange(histogram.Percentile(percent).TotalMilliseconds, milliseconds, milliseconds * 1.0906);
    }

    [Fact]
    public void Percentile_OutsideTheBuckets_GivesTheFirstOrTheLast()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(95));

        histogram.Add(TimeSpan.Zero);
        Assert.Equal(0.1, histogram.Percentile(95).TotalMilliseconds, 3);

        histogram.Add(TimeSpan.FromDays(1));
        Assert.InRange(histogram.Percentile(95).TotalSeconds, 100, 110);
    }

    [Fact]
    public void Add_ManyThreads_CountsEachTime()
    {
        var window = new TrafficWindow();

        Parallel.For(0, 10_000, i => window.Add(i % 4 != 0, TimeSpan.FromMilliseconds(10)));

        var read = window.Read(95);
        Assert.Equal((10_000, 2_500), (read.Requests, read.Failures));
        Assert.InRange(read.Latency.TotalMilliseconds, 10, 10.91);
    }
}
