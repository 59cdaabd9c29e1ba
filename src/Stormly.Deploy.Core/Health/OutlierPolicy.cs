using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>Decides from live traffic alone whether an instance may stay in routing. Pure: time is an argument, from a monotonic clock.</summary>
public static class OutlierPolicy
{
    private const int MaxSamples = 64;

    /// <summary>Judges one instance.</summary>
    /// <param name="options">The rule's numbers.</param>
    /// <param name="state">What was remembered.</param>
    /// <param name="reading">What traffic has seen by now.</param>
    /// <param name="othersReady">How many other instances take requests: the last one is never ejected.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What to do and what to remember.</returns>
    public static OutlierDecision Decide(OutlierOptions options, OutlierState state, OutlierReading reading, int othersReady, TimeSpan now)
    {
        if (state.EjectedUntil is { } until)
        {
            return now < until
                ? new(state, OutlierVerdict.Keep)
                : new(state with { EjectedUntil = null, ReturnedAt = now, Samples = [] }, OutlierVerdict.Return, $"its ejection number {state.Ejections} is over");
        }

        var watched = Remember(options, state, reading, now);
        if (FindFault(options, watched, reading) is not { } fault)
        {
            return new(watched with { FaultySince = null }, OutlierVerdict.Keep);
        }

        if (othersReady == 0)
        {
            return DecideLast(options, watched with { FaultySince = state.FaultySince ?? now }, reading, fault, now);
        }

        var ejections = (now - state.ReturnedAt >= options.ForgottenAfter ? 0 : state.Ejections) + 1;
        if (ejections >= options.ReplaceAtEjection)
        {
            return new(watched with { Ejections = ejections }, OutlierVerdict.Replace, $"{fault}, for the {Ordinal(ejections)} time")
            {
                Basis = BasisOf(options, watched, reading, "replace", "eject for a while").With("ejection", ejections).With("replaced at ejection", options.ReplaceAtEjection),
            };
        }

        var length = options.BaseEjection * ejections;
        var ejected = new OutlierState { Ejections = ejections, EjectedUntil = now + length };
        return new(ejected, OutlierVerdict.Eject, string.Create(CultureInfo.InvariantCulture, $"{fault}: out for {length.TotalSeconds:0.###} s ({options.BaseEjection.TotalSeconds:0.###} s x {ejections})"))
        {
            Basis = BasisOf(options, watched, reading, $"eject for {DecisionBasis.Seconds(length)}", "let it serve on").With("ejection", ejections),
        };
    }

    /// <summary>The last one is never ejected. One that stays faulty for as long as ejections would have kept it out is replaced: it answers until its substitute does.</summary>
    private static OutlierDecision DecideLast(OutlierOptions options, OutlierState state, OutlierReading reading, string fault, TimeSpan now)
    {
        var (patience, faulty) = (options.BaseEjection * (options.ReplaceAtEjection * (options.ReplaceAtEjection - 1) / 2), now - state.FaultySince!.Value);
        return faulty < patience
            ? new(state, OutlierVerdict.Keep, $"{fault}, but it is the last one that takes requests")
            : new(state with { FaultySince = null }, OutlierVerdict.Replace, string.Create(CultureInfo.InvariantCulture, $"{fault}, for {faulty.TotalSeconds:0.###} s now; as the last one it takes requests until its substitute does"))
            {
                Basis = BasisOf(options, state, reading, "replace", "let it serve on").With("faulty for, as the last one", DecisionBasis.Seconds(faulty)).With("limit", DecisionBasis.Seconds(patience)),
            };
    }

    // The front sample is the newest one that is not younger than the window: the rate counts from there.
    private static OutlierState Remember(OutlierOptions options, OutlierState state, OutlierReading reading, TimeSpan now)
    {
        var samples = state.Samples.IsEmpty ? [(now, default)] : state.Samples;
        while (samples.Count > 1 && now - samples[1].At >= options.Window)
        {
            samples = samples.RemoveAt(0);
        }

        if (samples[^1].Reading != reading)
        {
            samples = (samples.Count >= MaxSamples ? samples.RemoveAt(1) : samples).Add((now, reading));
        }

        return state with { Samples = samples };
    }

    private static DecisionBasis BasisOf(OutlierOptions options, OutlierState state, OutlierReading reading, string chosen, string rejected)
    {
        var start = state.Samples[0].Reading;
        var failed = reading.Failures - start.Failures;
        return new DecisionBasis("failures in a row ≥ limit in a row, or failed ÷ requests ≥ limit rate where requests ≥ least requests", chosen, rejected)
            .With("failures in a row", reading.FailuresInARow).With("limit in a row", options.ConsecutiveFailures)
            .With("failed", failed).With("requests", failed + reading.Successes - start.Successes)
            .With("limit rate", options.FailureRate).With("least requests", options.MinimumRequests).With("window", options.Window);
    }

    private static string? FindFault(OutlierOptions options, OutlierState state, OutlierReading reading)
    {
        if (reading.FailuresInARow >= options.ConsecutiveFailures)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{reading.FailuresInARow} requests in a row failed (limit {options.ConsecutiveFailures}) while its status is good");
        }

        var start = state.Samples[0].Reading;
        var failed = reading.Failures - start.Failures;
        var all = failed + reading.Successes - start.Successes;
        return all >= options.MinimumRequests && failed >= options.FailureRate * all
            ? string.Create(CultureInfo.InvariantCulture, $"{failed} of {all} requests within {options.Window.TotalSeconds:0.###} s failed (limit {options.FailureRate:P0}) while its status is good")
            : null;
    }

    private static string Ordinal(int n) => n switch { 1 => "first", 2 => "second", 3 => "third", _ => string.Create(CultureInfo.InvariantCulture, $"{n}th") };
}
