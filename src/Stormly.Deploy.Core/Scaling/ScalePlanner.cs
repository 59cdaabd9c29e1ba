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
        memory = Record(spec, memory, signals.InFlight, now);
        (var knative, var answer) = KnativePolicy.Decide(spec.Options, spec.Target, memory.Knative, signals.Ready, now);
        memory = memory with { Knative = knative };
        return answer is null
            ? new ScaleDecision(memory, signals.Wanted, "nothing was measured")
            : Bound(spec, memory, signals, answer, now);
    }

    /// <summary>Decides when a request comes while no instance is wanted: the first one starts at once.</summary>
    /// <param name="spec">The deployment's bounds and rule.</param>
    /// <param name="memory">What is remembered.</param>
    /// <param name="present">Requests that wait.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The decision.</returns>
    public static ScaleDecision Wake(ScaleSpec spec, ScaleMemory memory, int present, TimeSpan now)
    {
        var wanted = Math.Max(1, spec.Range.Min);
        var basis = new DecisionBasis("max(1, min) as soon as a request waits", Text(wanted), "0").With("waiting", present).With("min", spec.Range.Min);
        return new ScaleDecision(memory with { Since = now, IdleSince = null }, wanted, string.Create(CultureInfo.InvariantCulture, $"{present} request(s) wait, and no instance was wanted"), basis);
    }

    /// <summary>Every second since the last tick gets the mean of that time.</summary>
    private static ScaleMemory Record(ScaleSpec spec, ScaleMemory memory, double inFlight, TimeSpan now)
    {
        var second = (long)Math.Floor(now.TotalSeconds);
        var knative = memory.Knative;
        for (var s = Math.Max(memory.Second + 1, second - spec.Options.StableSeconds + 1); s <= second; s++)
        {
            knative = knative.Record(s, inFlight);
        }

        return memory with { Second = second, Knative = knative };
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
