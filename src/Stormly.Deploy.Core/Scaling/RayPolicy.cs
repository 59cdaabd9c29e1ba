using System.Globalization;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Scaling;

/// <summary>
/// Ray Serve's rule: demand by the aim, a part of the difference at a time, and only after the same direction was wanted at every tick of a delay. The source
/// is <c>python/ray/serve/autoscaling_policy.py</c> of ray-project/ray. From none to one no delay counts; who decides that is <see cref="ScalePlanner.Wake"/>.
/// </summary>
internal sealed record RayPolicy : IScalingPolicy
{
    public required DemandWindow Window { get; init; }

    /// <summary>How many ticks in a row wanted more, or as a negative number fewer.</summary>
    public int Ticks { get; init; }

    /// <summary>The wanted number that <see cref="Ticks"/> were counted against. Where it has changed since, the count begins anew; where what was asked for was not done, it goes on.</summary>
    public int Against { get; init; }

    public static RayPolicy Begin(ScalingOptions options) => new() { Window = DemandWindow.Of((int)Math.Ceiling(options.Ray.LookBack.TotalSeconds)) };

    public IScalingPolicy Record(long second, double inFlight) => this with { Window = Window.Record(second, inFlight) };

    public (IScalingPolicy Next, PolicyAnswer? Answer) Decide(ScaleSpec spec, ScaleSignals signals, TimeSpan now)
    {
        if (Window.Average((long)Math.Floor(now.TotalSeconds)) is not { } inFlight)
        {
            return (this, null);
        }

        // Before the first one is ready nothing can be said about what one of them bears.
        var asked = signals.Ready == 0 ? signals.Wanted : spec.Range.Clamp(Step(spec, inFlight, signals.Ready));
        var ticks = Against == signals.Wanted ? Ticks : 0;
        var (next, delay) = asked.CompareTo(signals.Wanted) switch
        {
            > 0 => (Math.Max(0, ticks) + 1, spec.Options.Ray.UpDelay),
            < 0 => (Math.Min(0, ticks) - 1, signals.Wanted == 1 ? spec.Options.Ray.DownToZeroDelay ?? spec.Options.Ray.DownDelay : spec.Options.Ray.DownDelay),
            _ => (0, TimeSpan.Zero),
        };
        asked = signals.Wanted > 1 ? Math.Max(1, asked) : asked;
        var moves = next != 0 && Math.Abs(next) > (int)(delay / spec.Options.Tick);
        var answer = moves ? asked : signals.Wanted;
        return (this with { Ticks = next, Against = signals.Wanted }, new PolicyAnswer(answer, Words(spec, inFlight, signals, asked, next, delay), Basis(spec, inFlight, asked, answer, next, delay)));
    }

    private static int Step(ScaleSpec spec, double inFlight, int ready)
    {
        var desired = inFlight / spec.Target;
        var factor = desired > ready ? spec.Options.Ray.UpFactor : spec.Options.Ray.DownFactor;
        var step = (int)Math.Clamp(Math.Ceiling(ready + (factor * (desired - ready))), 0, ScaleRange.Greatest);
        return Math.Ceiling(desired) < ready && step == ready ? step - 1 : step;
    }

    private static string Words(ScaleSpec spec, double inFlight, ScaleSignals signals, int asked, int ticks, TimeSpan delay)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{inFlight:0.##} requests in flight over {spec.Options.Ray.LookBack.TotalSeconds:0.##} s, {spec.Target:0.##} for each instance, {signals.Ready} ready: {asked}");
        return ticks == 0 ? text : text + string.Create(CultureInfo.InvariantCulture, $", wanted at {Math.Abs(ticks)} tick(s) in a row; the delay is {delay.TotalSeconds:0.##} s");
    }

    private static DecisionBasis Basis(ScaleSpec spec, double inFlight, int asked, int answer, int ticks, TimeSpan delay)
        => new DecisionBasis("ceil(ready + factor × (in flight ÷ target − ready)) once it was wanted for more than delay ÷ tick ticks", answer.ToString(CultureInfo.InvariantCulture))
            .With("in flight", inFlight).With("target", spec.Target).With("asked for", asked).With("ticks", ticks).With("delay", delay).With("tick", spec.Options.Tick);
}
