namespace Stormly.Deploy.Scaling;

public class DemandWindowTests
{
    [Theory]
    [InlineData(new double[] { 6 }, 0, 6)] // One second is all there is.
    [InlineData(new double[] { 6, 0 }, 1, 3)]
    [InlineData(new double[] { 1, 2, 3, 4, 5, 6 }, 5, 3.5)] // Full.
    [InlineData(new double[] { 100, 1, 2, 3, 4, 5, 6 }, 6, 3.5)] // The oldest has left.
    public void Average_WithoutGaps_IsOverWhatThereIs(double[] values, long at, double expected) => Assert.Equal(expected, Fill(values).Average(at));

    [Fact]
    public void Average_SecondsWithoutAValue_CountAsZero()
    {
        var window = DemandWindow.Of(6).Record(10, 12).Record(13, 8);

        Assert.Equal((12 + 0 + 0 + 8) / 4.0, window.Average(13));
    }

    [Theory]
    [InlineData(5, 3.5)] // 1 to 6.
    [InlineData(6, 4)] // 2 to 6, over five seconds.
    [InlineData(8, 5)] // 4, 5, 6.
    [InlineData(10, 6)]
    [InlineData(11, 0)] // Exactly one window without news.
    public void Average_NewestSecondsMissing_ShortensTheWindow(long at, double expected) => Assert.Equal(expected, Fill([1, 2, 3, 4, 5, 6]).Average(at));

    [Fact]
    public void Average_LongerThanTheWindowWithoutNews_IsNotKnown() => Assert.Null(Fill([1, 2, 3, 4, 5, 6]).Average(12));

    [Fact]
    public void Average_NothingRecorded_IsNotKnown() => Assert.Null(DemandWindow.Of(6).Average(0));

    [Fact]
    public void Record_AfterAGapOfTheWholeWindow_BeginsAnew()
    {
        var window = Fill([9, 9, 9]).Record(8, 4); // The last value was of second 2: six seconds ago.

        Assert.Equal(4, window.Average(8));
    }

    [Fact]
    public void Record_TwiceInASecond_AddsUp() => Assert.Equal(7, DemandWindow.Of(6).Record(3, 3).Record(3, 4).Average(3));

    [Fact]
    public void Record_LateNews_GoesToItsOwnSecond() => Assert.Equal(4, Fill([1, 2, 3]).Record(1, 6).Average(2));

    [Fact]
    public void Record_NewsOlderThanTheWindow_IsIgnored() => Assert.Equal(1, DemandWindow.Of(6).Record(20, 1).Record(3, 100).Average(20));

    [Theory]
    [InlineData(new double[] { 1, 1, 2 }, 1.333333)] // Down, not to the nearest: 1.3333333...
    [InlineData(new double[] { 0, 0, 2 }, 0.666666)]
    [InlineData(new double[] { 0.0000019 }, 0.000001)]
    [InlineData(new double[] { 0.0000003 }, 0)]
    public void Average_IsCutAfterSixDigits(double[] values, double expected) => Assert.Equal(expected, Fill(values).Average(values.Length - 1));

    private static DemandWindow Fill(double[] values)
    {
        var window = DemandWindow.Of(6);
        for (var i = 0; i < values.Length; i++)
        {
            window = window.Record(i, values[i]);
        }

        return window;
    }
}
