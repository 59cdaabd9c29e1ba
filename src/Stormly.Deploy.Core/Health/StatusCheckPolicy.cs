using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>
/// When a ready instance is replaced (contract §5, "deployed"): any code but 200 at once, no answer after some misses in a row. A check that was
/// held up on our side (host application paused, machine suspended, thread pool starved) and got no answer says nothing about the instance.
/// </summary>
internal static class StatusCheckPolicy
{
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(1);

    public static StatusState Begin(StatusCheckOptions options, TimeSpan now) => new() { NextAt = now + options.Interval };

    public static (StatusState State, StatusDecision Decision) Judge(StatusCheckOptions options, StatusState state, ProbeReport report, TimeSpan now)
    {
        var next = now + options.Interval;
        switch (report.Answer)
        {
            case ProbeAnswer.Good:
                return (new StatusState { NextAt = next }, new(StatusVerdict.Good, "its status check answered 200"));
            case ProbeAnswer.BadStatus:
                return OnBadStatus(options, state with { NextAt = next, Misses = 0, BadAnswers = state.BadAnswers + 1 }, report);
            case var _ when report.Lateness(options.Timeout) > options.Tolerance:
                var soon = options.Interval < Repeat ? next : now + Repeat;
                return (state with { NextAt = soon }, new(StatusVerdict.Void, "the host application itself was held up during the check"));
            default:
                return OnMiss(options, state with { NextAt = next, Misses = state.Misses + 1 }, report);
        }
    }

    private static (StatusState State, StatusDecision Decision) OnBadStatus(StatusCheckOptions options, StatusState state, ProbeReport report)
    {
        var rule = options.BadAnswers == 1 ? "any code but 200 replaces at once" : Count(state.BadAnswers, options.BadAnswers, "in a row replace");
        return (state, new(
            state.BadAnswers >= options.BadAnswers ? StatusVerdict.Replace : StatusVerdict.Watch,
            string.Create(CultureInfo.InvariantCulture, $"its status check answered {report.StatusCode}; {rule}"),
            Basis("answers but 200 in a row", state.BadAnswers, options.BadAnswers).With("answer", report.StatusCode)));
    }

    private static (StatusState State, StatusDecision Decision) OnMiss(StatusCheckOptions options, StatusState state, ProbeReport report)
        => (state, new(
            state.Misses >= options.Misses ? StatusVerdict.Replace : StatusVerdict.Watch,
            $"its status check got no answer ({report.Detail}); {Count(state.Misses, options.Misses, "misses in a row replace")}",
            Basis("misses in a row", state.Misses, options.Misses).With("answer", report.Detail)));

    private static DecisionBasis Basis(string what, int seen, int limit)
    {
        var (chosen, rejected) = seen >= limit ? ("replace", "watch on") : ("watch on", "replace");
        return new DecisionBasis($"{what} ≥ limit", chosen, rejected).With(what, seen).With("limit", limit);
    }

    private static string Count(int seen, int limit, string what) => string.Create(CultureInfo.InvariantCulture, $"{limit} {what}, this is number {seen}");
}
