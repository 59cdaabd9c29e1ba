using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>When a started instance is ready, and when it is given up (contract §5, "while deploying").</summary>
internal static class StartPolicy
{
    private const int QuestionsPerHint = 10;

    public static StartState Begin(StartOptions options, TimeSpan now)
        => new() { Deadline = now + options.Deadline, NextAt = now, Pause = options.FirstPoll };

    /// <summary>Whether the next status check should look for the listener where it gets no answer.</summary>
    /// <param name="check">For the longest time of a check.</param>
    /// <param name="state">The instance's start so far.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Whether, and how much the finding counts.</returns>
    public static ListenerQuestion NextQuestion(StatusCheckOptions check, StartState state, TimeSpan now)
        => now + check.Timeout >= state.Deadline ? ListenerQuestion.Final
            : state.Asked % QuestionsPerHint == QuestionsPerHint - 1 ? ListenerQuestion.Hint
            : ListenerQuestion.None;

    public static (StartState State, StartDecision Decision) Judge(
        StartOptions options, StatusCheckOptions check, StartState state, ProbeReport report, TimeSpan now)
    {
        var lateness = report.Lateness(check.Timeout);
        state = state with
        {
            Asked = state.Asked + 1,
            LastSeen = report.Detail,
            NextAt = now + state.Pause,
            Pause = Shorter(state.Pause * 2, options.SlowestPoll),
            Deadline = lateness > check.Tolerance ? state.Deadline + lateness : state.Deadline,
        };
        return (state, Decide(options, state, report, now));
    }

    private static StartDecision Decide(StartOptions options, StartState state, ProbeReport report, TimeSpan now) => report.Answer switch
    {
        ProbeAnswer.Good => new(StartVerdict.Ready, "its status check answered 200 and the listener is its own"),
        ProbeAnswer.Stranger => new(StartVerdict.AnotherPort, report.Detail),
        ProbeAnswer.Elsewhere => new(StartVerdict.Incurable, report.Detail),
        _ when now >= state.Deadline => new(StartVerdict.GiveUp, string.Create(
            CultureInfo.InvariantCulture,
            $"it did not answer its status check with 200 within {(state.Limit ?? options.Deadline).TotalSeconds:0.###} s; the last of {state.Asked} tries: {state.LastSeen}"),
            new DecisionBasis("now ≥ deadline", "stop", "ask again").With("start deadline", state.Limit ?? options.Deadline).With("over it by", now - state.Deadline).With("asked", state.Asked)),
        _ => new(StartVerdict.Wait, report.Detail),
    };

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
