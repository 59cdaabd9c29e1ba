using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Rollout;

/// <summary>Compares a canary with the revision that serves. Pure.</summary>
internal static class CanaryPolicy
{
    /// <summary>The normal quantile of a one-sided bound at 95 %.</summary>
    private const double Quantile = 1.6449;

    /// <summary>Judges.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="canary">What the canary's requests have shown.</param>
    /// <param name="stable">What those of the other side have shown in the same time.</param>
    /// <param name="stood">For how long the share has stood.</param>
    /// <returns>The decision.</returns>
    public static CanaryDecision Judge(CanaryRule rule, TrafficFigures canary, TrafficFigures stable, TimeSpan stood)
    {
        var allowed = AllowedFailures(rule, canary.Requests, stable.FailureRate);
        var limit = stable.Latency * (1 + (rule.LatencyTolerancePercent / 100));
        if (stood < rule.MinTime || canary.Requests < rule.MinRequests || stable.Requests < rule.MinRequests)
        {
            return Undecided(rule, canary, stable, stood);
        }

        var (verdict, why) = canary.Failures > allowed
            ? (CanaryVerdict.Abort, "it fails more often than allowed")
            : canary.Latency > limit ? (CanaryVerdict.Abort, "it is slower than allowed") : (CanaryVerdict.Promote, "it is not worse than allowed");
        var (chosen, rejected) = verdict == CanaryVerdict.Promote ? ("promote", "abort") : ("abort", "promote");
        var basis = new DecisionBasis("failures ≤ n·p + 1.64·√(n·p·(1−p)) and latency ≤ latency of the other side × (1 + tolerance)", chosen, rejected)
            .With("allowed failures", allowed).With("allowed latency", limit);
        return new CanaryDecision(verdict, $"{why}: {Describe(rule, canary, stable)}", Basis(rule, canary, stable, stood, basis));
    }

    /// <summary>How many of a number of requests may fail: the allowed rate, and what chance adds to it at most in 19 of 20 cases.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="requests">How many requests.</param>
    /// <param name="rate">The error rate of the other side, 0 to 1.</param>
    /// <returns>The number.</returns>
    public static double AllowedFailures(CanaryRule rule, long requests, double rate)
    {
        var p = Math.Min(1, rate + (rule.ErrorTolerancePercent / 100));
        return (requests * p) + (Quantile * Math.Sqrt(requests * p * (1 - p)));
    }

    private static CanaryDecision Undecided(CanaryRule rule, TrafficFigures canary, TrafficFigures stable, TimeSpan stood)
    {
        var over = stood >= rule.MaxTime;
        var verdict = !over ? CanaryVerdict.Wait : rule.WhenUndecided == CanaryUndecided.Abort ? CanaryVerdict.Abort : CanaryVerdict.Stay;
        var why = string.Create(CultureInfo.InvariantCulture, $"after {DecisionBasis.Seconds(stood)} it cannot be judged, because each side needs {rule.MinRequests} requests: {Describe(rule, canary, stable)}");
        var basis = new DecisionBasis("time ≥ limit and requests of a side < least", verdict == CanaryVerdict.Abort ? "abort" : "let it stay", verdict == CanaryVerdict.Abort ? "let it stay" : "abort")
            .With("least", rule.MinRequests).With("limit", rule.MaxTime);
        return new CanaryDecision(verdict, why, Basis(rule, canary, stable, stood, basis));
    }

    private static string Describe(CanaryRule rule, TrafficFigures canary, TrafficFigures stable)
        => $"{Describe(rule, canary)} on the canary, {Describe(rule, stable)} on the other side";

    private static string Describe(CanaryRule rule, TrafficFigures side) => string.Create(
        CultureInfo.InvariantCulture,
        $"{side.Failures} of {side.Requests} requests failed ({side.FailureRate * 100:0.##} %), p{rule.LatencyPercentile:0.#} {side.Latency.TotalMilliseconds:0.#} ms");

    private static DecisionBasis Basis(CanaryRule rule, TrafficFigures canary, TrafficFigures stable, TimeSpan stood, DecisionBasis basis) => basis
        .With("canary: requests", canary.Requests).With("canary: failures", canary.Failures).With($"canary: p{rule.LatencyPercentile:0.#}", canary.Latency)
        .With("other side: requests", stable.Requests).With("other side: failures", stable.Failures).With($"other side: p{rule.LatencyPercentile:0.#}", stable.Latency)
        .With("error tolerance in points", rule.ErrorTolerancePercent).With("latency tolerance in %", rule.LatencyTolerancePercent).With("time", stood);
}
