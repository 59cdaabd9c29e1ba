using Stormly.Deploy.Model;

namespace Stormly.Deploy.Health;

/// <summary>How long a line of instances waits after a failure: not at all after the first, then ever longer.</summary>
internal static class BackOffPolicy
{
    private const double MostJitter = 0.2;

    /// <summary>Counts a failure.</summary>
    /// <param name="options">The waits.</param>
    /// <param name="state">The failures before.</param>
    /// <param name="served">How long the instance that failed had been ready; zero where it never was.</param>
    /// <param name="jitter">0 to 1: how much of the extra wait to take that keeps many lines from starting together.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The failures now, with the time of the next start, and the wait until then.</returns>
    public static (BackOffState State, TimeSpan Delay) OnFailure(BackOffOptions options, BackOffState state, TimeSpan served, double jitter, TimeSpan now)
    {
        var failures = served >= options.ForgottenAfter ? 1 : state.Failures + 1;
        var delay = Delay(options, failures) * (1 + (MostJitter * jitter));
        return (new BackOffState { Failures = failures, NotBefore = now + delay }, delay);
    }

    /// <summary>The numbers behind a wait.</summary>
    /// <param name="options">The waits.</param>
    /// <param name="failures">The failures in a row, with the newest.</param>
    /// <param name="served">How long the instance that failed had been ready.</param>
    /// <param name="jitter">What was drawn for it.</param>
    /// <param name="delay">The wait.</param>
    /// <returns>The basis.</returns>
    public static DecisionBasis Basis(BackOffOptions options, int failures, TimeSpan served, double jitter, TimeSpan delay)
        => new DecisionBasis("0 after the first failure, else min(first × 2^(failures − 2), longest) × (1 + 0.2 × jitter)", DecisionBasis.Seconds(delay), delay == TimeSpan.Zero ? null : "at once")
            .With("failures", failures).With("first", options.First).With("longest", options.Longest).With("jitter", jitter)
            .With("served", served).With("forgotten after", options.ForgottenAfter);

    private static TimeSpan Delay(BackOffOptions options, int failures)
    {
        if (failures <= 1)
        {
            return TimeSpan.Zero;
        }

        var doubled = options.First.TotalSeconds * Math.Pow(2, failures - 2);
        return doubled >= options.Longest.TotalSeconds ? options.Longest : TimeSpan.FromSeconds(doubled);
    }
}
