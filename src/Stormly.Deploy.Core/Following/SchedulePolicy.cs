using System.Globalization;

namespace Stormly.Deploy.Following;

/// <summary>When a schedule's next run is due. Pure: it knows no clock.</summary>
internal static class SchedulePolicy
{
    /// <summary>Finds the next run.</summary>
    /// <param name="schedule">The schedule, which was checked.</param>
    /// <param name="last">When it last ran; null where it never did.</param>
    /// <param name="now">The wall clock.</param>
    /// <returns>When the next run is due; not later than <paramref name="now"/> where one was missed.</returns>
    public static DateTimeOffset Next(RedeploySchedule schedule, DateTimeOffset? last, DateTimeOffset now)
    {
        // A run in the future means that the clock was put back since.
        var from = last is { } ran && ran < now ? ran : now;
        if (schedule.At is not { } at)
        {
            return from + schedule.Every;
        }

        var zone = schedule.FindZone()!;
        var local = TimeZoneInfo.ConvertTime(from, zone).DateTime;
        var skipped = last is null ? 0 : (int)schedule.Every.TotalDays - 1;
        var first = DateOnly.FromDateTime(local).AddDays(skipped);
        var next = On(first, at, zone);
        var reached = skipped > 0 ? first.ToDateTime(TimeOnly.FromDateTime(local)) >= first.ToDateTime(at) : next <= from;
        return reached ? On(first.AddDays(1), at, zone) : next;
    }

    /// <summary>A schedule in words.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <returns>E.g. "every 1 day(s) at 03:00 Europe/Amsterdam".</returns>
    public static string Describe(RedeploySchedule schedule) => schedule.At is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"every {schedule.Every.TotalDays:0} day(s) at {at:HH\\:mm\\:ss} {schedule.TimeZone}")
        : string.Create(CultureInfo.InvariantCulture, $"every {schedule.Every:c}");

    /// <summary>The one moment of a day that has this time on its clocks.</summary>
    private static DateTimeOffset On(DateOnly day, TimeOnly at, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(at);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
            local = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
