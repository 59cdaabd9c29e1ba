using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>
/// When a canary is promoted or aborted by itself: its requests are compared with those of the revision that serves, from the same time. Both sides need
/// <see cref="MinRequests"/> requests; then the canary is good where neither its errors nor its latency are worse than allowed.
/// </summary>
public sealed record CanaryRule
{
    /// <summary>How many requests each side must have had. Default 100, from 10 to 1 000 000.</summary>
    public int MinRequests { get; init; } = 100;

    /// <summary>For how long the share must have stood. Default 1 min, from 0 to 7 days.</summary>
    public TimeSpan MinTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// By how many percentage points the canary's error rate may be above that of the other side. Default 1, from 0 to 100. Chance is allowed for: of n requests
    /// n·p + 1.64·√(n·p·(1−p)) may fail, p being the allowed rate (the one-sided 95 % bound), so that a small sample is not judged by one unlucky request.
    /// </summary>
    public double ErrorTolerancePercent { get; init; } = 1;

    /// <summary>Which latency of good answers is compared, as a percentile. Default 95, from 50 to 99.9.</summary>
    public double LatencyPercentile { get; init; } = 95;

    /// <summary>By how much that latency may be above that of the other side, in percent of it. Default 25, from 0 to 1000. Latencies are known to within 9 %.</summary>
    public double LatencyTolerancePercent { get; init; } = 25;

    /// <summary>How often both sides are compared. Default 10 s, from 1 s to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After what time without enough requests <see cref="WhenUndecided"/> applies. Default 1 h, from <see cref="MinTime"/> to 30 days.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What becomes of a canary that did not get enough requests. Default: it stays, and a decision says so.</summary>
    public CanaryUndecided WhenUndecided { get; init; }

    internal void Check(string path, OptionRules rules)
    {
        rules.Between($"{path}:{nameof(MinRequests)}", MinRequests, 10, 1_000_000);
        rules.Between($"{path}:{nameof(MinTime)}", MinTime, TimeSpan.Zero, TimeSpan.FromDays(7));
        Percent($"{path}:{nameof(ErrorTolerancePercent)}", ErrorTolerancePercent, 0, 100, rules);
        Percent($"{path}:{nameof(LatencyPercentile)}", LatencyPercentile, 50, 99.9, rules);
        Percent($"{path}:{nameof(LatencyTolerancePercent)}", LatencyTolerancePercent, 0, 1000, rules);
        rules.Between($"{path}:{nameof(Interval)}", Interval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        rules.Between($"{path}:{nameof(MaxTime)}", MaxTime, MinTime, TimeSpan.FromDays(30));
        rules.Require(Enum.IsDefined(WhenUndecided), $"{path}:{nameof(WhenUndecided)}", "be Stay or Abort", WhenUndecided.ToString());
    }

    private static void Percent(string path, double value, double least, double most, OptionRules rules)
        => rules.Require(value >= least && value <= most, path, string.Create(CultureInfo.InvariantCulture, $"be from {least} to {most}"), value.ToString(CultureInfo.InvariantCulture));
}
