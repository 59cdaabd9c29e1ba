using System.Globalization;

namespace Stormly.Deploy.Scaling;

/// <summary>
/// What of the demand counts while instances are on their way. Requests that queue during a start-up look like load, and a rule that sees nothing else orders an
/// instance for each handful of them (knative/serving#4344); but those that are ordered already work that queue off as soon as they are ready. So demand counts
/// as what the ordered ones should have, or, where that is more, as the load that will be there after the start-up: the requests that come each second times the
/// time of an answer. That holds until the queue has not become shorter for one start-up time; then all of it counts. Pure.
/// </summary>
internal static class ColdStartRule
{
    /// <summary>For how long the queue is laid to the start-up without becoming shorter.</summary>
    /// <param name="options">The numbers.</param>
    /// <param name="startTook">How long the last start took.</param>
    /// <returns>That time, and not less than the short window of the averages.</returns>
    public static TimeSpan WorkOff(ScalingOptions options, TimeSpan startTook)
    {
        var burst = TimeSpan.FromSeconds(options.PanicSeconds);
        return startTook > burst ? startTook : burst;
    }

    /// <summary>Tells how much of the demand counts.</summary>
    /// <param name="spec">The deployment's aim.</param>
    /// <param name="signals">What is known.</param>
    /// <param name="arrivals">Requests that come each second, over the short window.</param>
    /// <returns>The demand that counts, and why; no words where all of it does.</returns>
    public static (double InFlight, string? Why) Count(ScaleSpec spec, ScaleSignals signals, double arrivals)
    {
        var ordered = Math.Max(1, Math.Max(signals.Wanted, signals.Ready));
        var load = arrivals * signals.ServiceSeconds;
        var counted = Math.Max(ordered, Math.Ceiling(load / spec.Target)) * spec.Target;
        if (signals.InFlight <= counted)
        {
            return (signals.InFlight, null);
        }

        var pace = signals.ServiceSeconds > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{arrivals:0.##} come each second, and an answer takes {signals.ServiceSeconds:0.###} s")
            : "nobody knows yet how long an answer takes";
        return (counted, string.Create(CultureInfo.InvariantCulture, $"{signals.InFlight:0.##} requests queued for instances on their way and count as {counted:0.##}: {ordered} are ordered, {pace}"));
    }
}
