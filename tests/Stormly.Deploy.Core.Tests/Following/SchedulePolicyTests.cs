using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Following;

public class SchedulePolicyTests
{
    [Theory]
    [InlineData("06:00", null, "", "2026-03-10T10:00Z", "2026-03-10T16:00Z")]
    [InlineData("06:00", null, "2026-03-10T08:00Z", "2026-03-10T10:00Z", "2026-03-10T14:00Z")]
    [InlineData("06:00", null, "2026-03-01T08:00Z", "2026-03-10T10:00Z", "2026-03-01T14:00Z")]
    [InlineData("06:00", null, "2026-04-01T08:00Z", "2026-03-10T10:00Z", "2026-03-10T16:00Z")]
    [InlineData("1.00:00", "03:00", "", "2026-03-10T10:00Z", "2026-03-11T02:00Z")]
    [InlineData("1.00:00", "03:00", "", "2026-03-10T01:00Z", "2026-03-10T02:00Z")]
    [InlineData("1.00:00", "03:00", "2026-03-10T02:00:01Z", "2026-03-10T02:00:02Z", "2026-03-11T02:00Z")]
    [InlineData("1.00:00", "03:00", "2026-03-10T02:00Z", "2026-03-10T02:00:02Z", "2026-03-11T02:00Z")]
    [InlineData("1.00:00", "03:00", "2026-03-08T02:00Z", "2026-03-10T10:00Z", "2026-03-09T02:00Z")]
    [InlineData("1.00:00", "03:00", "2026-03-10T13:00Z", "2026-03-10T14:00Z", "2026-03-11T02:00Z")]
    [InlineData("1.00:00", "03:00", "2027-03-10T13:00Z", "2026-03-10T14:00Z", "2026-03-11T02:00Z")]
    [InlineData("7.00:00", "03:00", "2026-03-02T02:00:01Z", "2026-03-02T02:00:02Z", "2026-03-09T02:00Z")]
    [InlineData("7.00:00", "03:00", "2026-03-04T13:00Z", "2026-03-04T14:00Z", "2026-03-11T02:00Z")]
    [InlineData("7.00:00", "03:00", "", "2026-03-04T14:00Z", "2026-03-05T02:00Z")]
    public void Next_RunsBefore_IsAsThePlanSays(string every, string? at, string last, string now, string expected)
        => Assert.Equal(Time(expected), SchedulePolicy.Next(Schedule(every, at), last.Length == 0 ? null : Time(last), Time(now)).ToUniversalTime());

    /// <summary>Amsterdam: 02:00 becomes 03:00 on 29 March 2026, and 03:00 becomes 02:00 on 25 October 2026.</summary>
    [Theory]
    [InlineData("02:30", "2026-03-28T01:30:01Z", "2026-03-29T01:00Z")]
    [InlineData("02:30", "2026-03-29T01:00:01Z", "2026-03-30T00:30Z")]
    [InlineData("03:00", "2026-03-28T02:00:01Z", "2026-03-29T01:00Z")]
    [InlineData("01:59", "2026-03-28T00:59:01Z", "2026-03-29T00:59Z")]
    [InlineData("02:30", "2026-10-24T00:30:01Z", "2026-10-25T00:30Z")]
    [InlineData("02:30", "2026-10-25T00:30:01Z", "2026-10-26T01:30Z")]
    [InlineData("03:00", "2026-10-25T02:00:01Z", "2026-10-26T02:00Z")]
    public void Next_ClocksArePutForwardOrBack_RunsOnceADay(string at, string last, string expected)
        => Assert.Equal(Time(expected), SchedulePolicy.Next(Schedule("1.00:00", at), Time(last), Time(last).AddSeconds(1)).ToUniversalTime());

    [Fact]
    public void Next_AWholeYear_RunsExactlyOnceOnEveryDayOfTheCalendar()
    {
        var schedule = Schedule("1.00:00", "02:30");
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");
        var now = Time("2026-01-01T12:00Z");
        var days = new List<DateOnly>();
        for (var i = 0; i < 365; i++)
        {
            var next = SchedulePolicy.Next(schedule, now, now.AddSeconds(1));
            Assert.True(next > now);
            days.Add(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(next, zone).DateTime));
            now = next;
        }

        Assert.Equal(Enumerable.Range(1, 365).Select(d => new DateOnly(2026, 1, 1).AddDays(d)), days);
    }

    [Theory]
    [InlineData("1.00:00", "03:00", "Europe/Amsterdam", null)]
    [InlineData("00:00:30", null, "UTC", "churn:Redeploy:Every must be from 00:01:00 to 366.00:00:00, was: 00:00:30")]
    [InlineData("12:00", "03:00", "UTC", "churn:Redeploy:Every must be whole days where churn:Redeploy:At is set, was: 12:00:00")]
    [InlineData("1.00:00", "03:00", "Mars/Base", "churn:Redeploy:TimeZone must name a time zone of this system, was: 'Mars/Base'")]
    public void Check_Schedule_SaysWhatIsWrong(string every, string? at, string zone, string? problem)
    {
        var rules = new OptionRules();
        var schedule = Schedule(every, at);
        schedule.TimeZone = zone;

        schedule.Check("churn:Redeploy", rules);

        Assert.Equal(problem is null ? [] : [problem], rules.Problems);
    }

    private static RedeploySchedule Schedule(string every, string? at) => new()
    {
        Every = TimeSpan.Parse(every, CultureInfo.InvariantCulture),
        At = at is null ? null : TimeOnly.Parse(at, CultureInfo.InvariantCulture),
        TimeZone = "Europe/Amsterdam",
    };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
