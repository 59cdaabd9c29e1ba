using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Following;

/// <summary>
/// From a change in a folder to its deployment: changed, quiet for long enough, read. Pure. A change that the file system tells of is quiet when nothing more was
/// told for that long; one that only a look has found must still look the same that long afterwards.
/// </summary>
internal static class FollowPolicy
{
    public const string NeverQuiet = "it is written to again and again without a pause";

    /// <summary>Takes news and says what to do next.</summary>
    /// <param name="options">The numbers.</param>
    /// <param name="state">What was known.</param>
    /// <param name="news">The news.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What is known, what to do, and what to tell people.</returns>
    public static FollowDecision Apply(FollowOptions options, FollowState state, FollowNews news, TimeSpan now)
    {
        var (next, report) = news switch
        {
            FollowNews.Touched => (Change(state, now) with { Told = true }, null),
            FollowNews.WatchBegan => (state with { ScanOnly = null, NextScan = Earlier(state.NextScan, now + options.Quiet) }, null),
            FollowNews.WatchLost lost => Lose(options, state, lost.Reason),
            FollowNews.Asked asked => (state with { Asked = true }, new FollowReport("read the plugin's source again", asked.Why)),
            FollowNews.Looked look => (Look(options, state, look.Mark, now), null),
            FollowNews.Read read => Read(options, state, read, now),
            _ => (state, null),
        };
        if (report is null && !next.Impatient && next.ChangedSince is { } since && now - since >= options.Patience && now - next.LastChange < options.Quiet)
        {
            next = next with { Impatient = true };
            var why = string.Create(CultureInfo.InvariantCulture, $"{NeverQuiet} of {Seconds(options.Quiet)}, since {Seconds(now - since)} now; let the writer write elsewhere and rename");
            report = new FollowReport("not read the plugin's folder yet", why, Trouble: true);
        }

        return new FollowDecision(next, Next(options, next, news, now), Wake(options, next, now), report);
    }

    private static FollowStep Next(FollowOptions options, FollowState state, FollowNews news, TimeSpan now)
    {
        if (state.ChangedSince is null)
        {
            var looked = news is FollowNews.Looked;
            return state.Asked && looked ? FollowStep.Read : state.Asked || (now >= state.NextScan && !looked) ? FollowStep.Look : FollowStep.Wait;
        }

        if (now - state.LastChange < options.Quiet)
        {
            return FollowStep.Wait;
        }

        return news is FollowNews.Looked ? FollowStep.Read : FollowStep.Look;
    }

    private static TimeSpan Wake(FollowOptions options, FollowState state, TimeSpan now)
    {
        if (state.ChangedSince is not { } since)
        {
            return state.NextScan;
        }

        var quiet = state.LastChange + options.Quiet;
        return state.Impatient || since + options.Patience <= now ? quiet : Earlier(quiet, since + options.Patience);
    }

    private static FollowState Change(FollowState state, TimeSpan now) => state with { ChangedSince = state.ChangedSince ?? now, LastChange = now };

    private static FollowState Look(FollowOptions options, FollowState state, string mark, TimeSpan now)
    {
        var seen = state with { Seen = mark, Told = false, NextScan = Scan(options, now) };
        if (mark == state.Settled)
        {
            return seen with { ChangedSince = null, Impatient = false };
        }

        // Where the file system told of it, the time of the change is known; else it was some time before now.
        return mark == state.Seen || (state.Told && state.ScanOnly is null) ? seen with { ChangedSince = state.ChangedSince ?? now } : Change(seen, now);
    }

    private static (FollowState State, FollowReport? Report) Read(FollowOptions options, FollowState state, FollowNews.Read read, TimeSpan now)
    {
        if (read.Conclusion.State == SourceState.Changing)
        {
            return (Change(state, now), null);
        }

        var next = state with
        {
            Settled = FollowState.SettledBy(read.Mark, read.Conclusion),
            Conclusion = read.Conclusion,
            ChangedSince = null,
            Impatient = false,
            Asked = false,
            NextScan = Scan(options, now),
        };
        return (next, Tell(state.Conclusion, read.Conclusion));
    }

    private static FollowReport? Tell(FollowConclusion? before, FollowConclusion after) => (before?.Key, after) switch
    {
        var (old, now) when old == now.Key => null,
        (_, { State: SourceState.Held }) => new FollowReport($"not deploy revision {after.Revision!.Short}, which the plugin's folder holds, by itself", after.Problem!),
        (_, { Problem: { } problem }) => new FollowReport("not deploy what the plugin's folder holds", problem, Trouble: true),
        _ => new FollowReport("use the plugin's folder again", "what spoke against it is mended"),
    };

    private static (FollowState State, FollowReport? Report) Lose(FollowOptions options, FollowState state, string reason)
    {
        var report = new FollowReport(
            string.Create(CultureInfo.InvariantCulture, $"look at the plugin's folder every {Seconds(options.ScanInterval)} only"), $"the file system does not tell of its changes: {reason}");
        return (state with { ScanOnly = reason, ScanSaid = reason }, state.ScanSaid == reason ? null : report);
    }

    /// <summary>Where changes are not followed, nothing is looked at before the schedule asks for it.</summary>
    private static TimeSpan Scan(FollowOptions options, TimeSpan now) => options.Enabled ? now + options.ScanInterval : TimeSpan.MaxValue;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
