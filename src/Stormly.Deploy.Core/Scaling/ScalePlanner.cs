using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>
/// How many instances one deployment should have now: what its rule asks for, within its range. The last instance goes only after a grace and only while
/// no request is there, and the first one comes as soon as there is one. Pure.
/// </summary>
internal static class ScalePlanner
{
    /// <summary>Decides at a tick.</summary>
    /// <param name="spec">The deployment's bounds and rule.</param>
    /// <param name="memory">What is remembered.</param>
    /// <param name="signals">What is known.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The decision.</returns>
    public static ScaleDecision Decide(ScaleSpec spec, ScaleMemory memory, ScaleSignals signals, TimeSpan now)
    {
        (memory, var queued) = Record(spec, memory, signals, now);
        var (policy, answer) = memory.Policy.Decide(spec, signals, now);
        memory = memory with { Policy = policy };
        if (answer is null)
        {
            return new ScaleDecision(memory, signals.Wanted, "nothing was measured");
        }

        var decision = Bound(spec, memory, signals, answer, now);
        decision = queued is null ? decision : HoldBack(spec, decision, signals, queued);
        return decision.Wanted > signals.Wanted ? decision with { Memory = Order(spec, decision.Memory, signals.StartTook, now) } : decision;
    }

    /// <summary>Decides when a request comes while no instance is wanted: the first one starts at once.</summary>
    /// <param name="spec">The deployment's bounds and rule.</param>
    /// <param name="memory">What is remembered.</param>
    /// <param name="present">Requests that wait.</param>
    /// <param name="startTook">How long the last start took.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The decision.</returns>
    public static ScaleDecision Wake(ScaleSpec spec, ScaleMemory memory, int present, TimeSpan startTook, TimeSpan now)
    {
        var wanted = Math.Max(1, spec.Range.Min);
        var basis = new DecisionBasis("max(1, min) as soon as a request waits", Text(wanted), "0").With("waiting", present).With("min", spec.Range.Min);
        return new ScaleDecision(Order(spec, memory with { Since = now, IdleSince = null }, startTook, now), wanted, string.Create(CultureInfo.InvariantCulture, $"{present} request(s) wait, and no instance was wanted"), basis);
    }

    private static ScaleMemory Order(ScaleSpec spec, ScaleMemory memory, TimeSpan startTook, TimeSpan now)
        => memory with { StartingUntil = now + startTook + ColdStartRule.WorkOff(spec.Options, startTook), Fewest = int.MaxValue, Told = false };

    /// <summary>Every second since the last tick gets the mean of that time, without what only waits for instances that are on their way.</summary>
    private static (ScaleMemory Memory, string? Queued) Record(ScaleSpec spec, ScaleMemory memory, ScaleSignals signals, TimeSpan now)
    {
        var second = (long)Math.Floor(now.TotalSeconds);
        var seconds = Enumerable.Range(0, (int)Math.Min(second - memory.Second, spec.Options.StableSeconds)).Select(back => second - back).Reverse().ToList();
        var arrivals = seconds.Aggregate(memory.Arrivals, (window, s) => window.Record(s, signals.ArrivalsPerSecond));
        memory = Watch(spec, memory, signals, now);
        var (counted, queued) = memory.StartingUntil is not null ? ColdStartRule.Count(spec, signals, arrivals.Average(second) ?? 0) : (signals.InFlight, null);
        var policy = seconds.Aggregate(memory.Policy, (rule, s) => rule.Record(s, counted));
        return (memory with { Second = second, Arrivals = arrivals, Policy = policy }, queued);
    }

    /// <summary>A start-up goes on while instances are on their way, and after that while the queue becomes shorter.</summary>
    private static ScaleMemory Watch(ScaleSpec spec, ScaleMemory memory, ScaleSignals signals, TimeSpan now)
    {
        var until = memory.StartingUntil;
        if (signals.Starting > 0 || (now < until && signals.Present < memory.Fewest))
        {
            var next = now + ColdStartRule.WorkOff(spec.Options, signals.StartTook);
            until = until is null || next > until ? next : until;
        }

        var fewest = signals.Starting > 0 ? signals.Present : Math.Min(memory.Fewest, signals.Present);
        return memory with { StartingUntil = now < until ? until : null, Fewest = fewest };
    }

    /// <summary>Says why no more are ordered although many wait: once for each start-up.</summary>
    private static ScaleDecision HoldBack(ScaleSpec spec, ScaleDecision decision, ScaleSignals signals, string queued)
    {
        var plain = spec.Range.Clamp((int)Math.Min(Math.Ceiling(signals.InFlight / spec.Target), ScaleRange.Greatest));
        var basis = decision.Basis! with { Rejected = Text(plain) };
        var tell = !decision.Memory.Told && plain > decision.Wanted;
        return decision with
        {
            Memory = decision.Memory with { Told = decision.Memory.Told || tell },
            Why = $"{queued}; {decision.Why}",
            Basis = basis.With("in flight", signals.InFlight).With("service time", TimeSpan.FromSeconds(signals.ServiceSeconds)).With("start-up time", signals.StartTook),
            Tell = tell,
        };
    }

    private static ScaleDecision Bound(ScaleSpec spec, ScaleMemory memory, ScaleSignals signals, PolicyAnswer answer, TimeSpan now)
    {
        var wanted = spec.Range.Clamp(answer.Instances);
        var why = wanted == answer.Instances ? answer.Why : $"{answer.Why}; the range is {spec.Range}";
        var idle = wanted == 0 && signals.Present == 0 && memory.Since + spec.Options.StableWindow <= now;
        memory = memory with { IdleSince = idle && signals.Wanted > 0 ? memory.IdleSince ?? now : null };
        if (wanted == 0 && signals.Wanted > 0)
        {
            (wanted, why) = LastOne(spec.Options, memory, signals, why, now);
        }

        if (signals.Held is { } held && wanted < signals.Wanted)
        {
            (wanted, why) = (signals.Wanted, $"{why}; it does not fall now: {held}");
        }

        var basis = answer.Basis with { Chosen = Text(wanted), Rejected = Text(wanted == answer.Instances ? signals.Wanted : answer.Instances) };
        return new ScaleDecision(memory, wanted, why, basis.With("ready", signals.Ready).With("wanted before", signals.Wanted).With("range", spec.Range.ToString()));
    }

    private static (int Wanted, string Why) LastOne(ScalingOptions options, ScaleMemory memory, ScaleSignals signals, string why, TimeSpan now)
    {
        if (memory.IdleSince is not { } since)
        {
            return (1, string.Create(CultureInfo.InvariantCulture, $"{why}; the last one stays: {signals.Present} request(s) are there, and demand is watched for {options.StableWindow.TotalSeconds:0.#} s at least"));
        }

        var idle = (now - since).TotalSeconds;
        return since + options.ScaleToZeroGrace <= now
            ? (0, string.Create(CultureInfo.InvariantCulture, $"{why}; no request came for another {idle:0.#} s of grace"))
            : (1, string.Create(CultureInfo.InvariantCulture, $"{why}; the last one stays for {options.ScaleToZeroGrace.TotalSeconds:0.#} s of grace"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
