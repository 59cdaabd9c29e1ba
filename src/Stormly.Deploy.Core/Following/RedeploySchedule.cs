using Stormly.Deploy.Model;

namespace Stormly.Deploy.Following;

/// <summary>When a plugin's source is read again, whether or not a change was noticed. A run that was missed while the host application was down is made up once.</summary>
public sealed class RedeploySchedule
{
    /// <summary>The time between two runs. Default 1 day, from 1 min to 366 days; whole days where <see cref="At"/> is set.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// The time of day of every run, in <see cref="TimeZone"/>. Default null: counted from the run before. On a day that does not have this time, because the clock is
    /// put forward, the run is at the first moment after the gap; on a day that has it twice, at the first of both.
    /// </summary>
    public TimeOnly? At { get; set; }

    /// <summary>The time zone of <see cref="At"/>, by its name in the tz database or on this system, e.g. <c>Europe/Amsterdam</c>. Default <c>UTC</c>.</summary>
    public string TimeZone { get; set; } = "UTC";

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(Every)}", Every, TimeSpan.FromMinutes(1), TimeSpan.FromDays(366));
        rules.Require(At is null || Every.Ticks % TimeSpan.TicksPerDay == 0, $"{path}:{nameof(Every)}", $"be whole days where {path}:{nameof(At)} is set", Every.ToString("c"));
        rules.Require(FindZone() is not null, $"{path}:{nameof(TimeZone)}", "name a time zone of this system", $"'{PrintableText.Escape(TimeZone, maxLength: 80)}'");
    }

    internal TimeZoneInfo? FindZone() => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone ?? "", out var zone) ? zone : null;
}
