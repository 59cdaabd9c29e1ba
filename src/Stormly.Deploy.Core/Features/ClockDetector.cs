namespace Stormly.Deploy.Features;

/// <summary>Day and hour where the end user is. Comes after whoever finds the time zone.</summary>
internal sealed class ClockDetector(FeatureOptions options) : IFeatureDetector
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);

    public IReadOnlyCollection<string> Facts { get; } = [FeatureFacts.Hour, FeatureFacts.LocalHour, FeatureFacts.DayOfWeek, FeatureFacts.IsWeekend];

    public void Detect(FactFinding finding)
    {
        var known = finding.Find(FeatureFacts.TimeZone)?.Text is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
        var time = TimeZoneInfo.ConvertTime(finding.Now, known ?? _zone);
        finding.Set(FeatureFacts.Hour, ClockValues.OfHour(time.Hour));
        finding.Set(FeatureFacts.LocalHour, known is null ? null : ClockValues.OfHour(time.Hour));
        finding.Set(FeatureFacts.DayOfWeek, ClockValues.OfDay(time.DayOfWeek, options.DayNumbers));
        finding.Set(FeatureFacts.IsWeekend, ClockValues.Of(time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
    }
}
