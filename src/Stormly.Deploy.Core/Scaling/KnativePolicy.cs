using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>
/// Knative's autoscaler: how many instances demand asks for, by its average over a long window and, in a burst, over a short one. Pure. The source is
/// <c>pkg/autoscaler/scaling/autoscaler.go</c> of knative/serving; there a revision without a route may fall to 0 at once, here a deployment without traffic. Its
/// excess burst capacity, which says when requests are held in front of the instances, has no place here: the queue is always in the path, as with its setting -1. Its weighted
/// average, off there by default, is left out.
/// </summary>
internal static class KnativePolicy
{
    /// <summary>Decides once.</summary>
    /// <param name="options">The numbers.</param>
    /// <param name="target">How many requests one instance should have.</param>
    /// <param name="state">What is remembered.</param>
    /// <param name="ready">How many instances take requests.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What to remember, and the answer; no answer where nothing was measured.</returns>
    public static (KnativeState State, PolicyAnswer? Answer) Decide(ScalingOptions options, double target, KnativeState state, int ready, TimeSpan now)
    {
        var second = (long)Math.Floor(now.TotalSeconds);
        if (state.Stable.Average(second) is not { } stable || state.Panic.Average(second) is not { } panic)
        {
            return (state, null);
        }

        var counted = Math.Max(1, ready);
        var most = (int)Math.Ceiling(options.MaxScaleUpRate * counted);
        var least = stable == 0 && panic == 0 ? 0 : (int)Math.Floor(counted / options.MaxScaleDownRate);
        var (byStable, byPanic) = (Instances(stable, target), Instances(panic, target));
        state = Panic(options, state, over: byPanic / counted >= options.PanicThresholdPercentage / 100, now);

        var plain = (int)Math.Clamp(byStable, least, most);
        var answer = plain;
        if (state.PanicSince is not null)
        {
            answer = Math.Max(state.PanicMost, Math.Max(plain, (int)Math.Clamp(byPanic, least, most)));
            state = state with { PanicMost = answer };
        }

        var held = answer;
        if (options.ScaleDownDelay > TimeSpan.Zero)
        {
            state = state with { Answers = state.Answers.Record(now, answer, options.ScaleDownDelay, options.Tick) };
            held = state.Answers.Greatest;
        }

        var why = Words(options, target, state, (stable, byStable), (panic, byPanic), counted, (least, most), answer, held);
        return (state, new PolicyAnswer(held, why, Basis(options, target, state, stable, panic, held)));
    }

    private static DecisionBasis Basis(ScalingOptions options, double target, KnativeState state, double stable, double panic, int held)
        => new DecisionBasis(
            state.PanicSince is null ? "ceil(stable ÷ target), from floor(ready ÷ down) to ceil(ready × up)" : "max(ceil(stable ÷ target), ceil(panic ÷ target), greatest since the burst began)",
            held.ToString(CultureInfo.InvariantCulture))
            .With("stable", stable).With("panic", panic).With("target", target).With("down", options.MaxScaleDownRate).With("up", options.MaxScaleUpRate)
            .With("greatest since the burst began", state.PanicMost);

    private static double Instances(double inFlight, double target) => Math.Ceiling(inFlight / target);

    /// <summary>A burst begins or goes on where the threshold is crossed, and ends one stable window after it was crossed last.</summary>
    private static KnativeState Panic(ScalingOptions options, KnativeState state, bool over, TimeSpan now) => state switch
    {
        _ when over => state with { PanicSince = now },
        { PanicSince: { } since } when since + options.StableWindow < now => state with { PanicSince = null, PanicMost = 0 },
        _ => state,
    };

    private static string Words(
        ScalingOptions options, double target, KnativeState state, (double InFlight, double Instances) stable, (double InFlight, double Instances) panic,
        int counted, (int Least, int Most) bounds, int answer, int held)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{stable.InFlight:0.##} requests in flight over {options.StableSeconds} s and {panic.InFlight:0.##} over {options.PanicSeconds} s, {target:0.##} for each instance: {stable.Instances} and {panic.Instances}");
        if (stable.Instances < bounds.Least || stable.Instances > bounds.Most)
        {
            text += string.Create(CultureInfo.InvariantCulture, $"; from {counted} ready it may go to {bounds.Least} at least and {bounds.Most} at most");
        }

        if (state.PanicSince is not null)
        {
            text += string.Create(CultureInfo.InvariantCulture, $"; in a burst the greatest answer counts, {answer}");
        }

        return held == answer ? text : text + string.Create(CultureInfo.InvariantCulture, $"; {held} was asked for within the last {options.ScaleDownDelay.TotalSeconds:0.##} s, so it does not fall to {answer} yet");
    }
}
