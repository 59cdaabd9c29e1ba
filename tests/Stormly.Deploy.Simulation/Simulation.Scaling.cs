using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Simulation;

/// <content>
/// The wanted number follows the load in a part of the worlds, by either rule, from zero and back: the real measure of the demand, the real rules, and load
/// that comes in bursts, stays, flutters and goes.
/// </content>
internal sealed partial class Simulation
{
    private readonly SimulatedTime _time;
    private PluginDemand _demand;
    private bool _follows;
    private bool _demandNoted;
    private TimeSpan _lastStart = -SimulatedInstance.Never;

    private void RegisterScaling()
    {
        _follows = _random.Percent(60);
        Injects(8, "load comes and stays", Load);
        Injects(4, "load flutters", Flutter);
        Injects(6, "a burst comes", () => Burst(_random.Between(20, 80)));
        Injects(6, "an operator lets the number follow the load", () => Scale(_follows ? DrawRange() : null));
        Injects(4, "nobody asks for a while", static () => { });
        Checks(NoteStarts);
        Checks(CheckScaling);
        Checks(CheckOrders);
    }

    private ScalingOptions DrawScaling()
    {
        var window = Seconds(_random.Between(6, 20));
        return new ScalingOptions
        {
            Policy = _random.Percent(50) ? ScalingPolicyKind.Knative : ScalingPolicyKind.RayServe,
            TargetInFlight = _random.Between(1, 4),
            Tick = Seconds(_random.Between(1, 3)),
            StableWindow = window,
            PanicWindowPercentage = _random.Between(10, 50),
            PanicThresholdPercentage = _random.Between(110, 300),
            MaxScaleDownRate = _random.Between(2, 10),
            ScaleDownDelay = Seconds(_random.Between(0, 10)),
            ScaleToZeroGrace = Seconds(_random.Between(0, 10)),
            Ray = new RayScalingOptions
            {
                LookBack = Seconds(_random.Between(2, 15)),
                UpDelay = Seconds(_random.Between(0, 5)),
                DownDelay = Seconds(_random.Between(0, 15)),
                DownToZeroDelay = _random.Percent(50) ? null : Seconds(_random.Between(0, 15)),
                UpFactor = _random.Percent(70) ? 1 : 0.5,
                DownFactor = _random.Percent(70) ? 1 : 0.5,
            },
        };
    }

    /// <summary>From zero as often as not.</summary>
    private ScaleRange DrawRange()
    {
        var min = _random.Percent(50) ? 0 : _random.Between(1, Math.Min(2, Limit));
        return new ScaleRange(min, Math.Min(Limit, _random.Between(Math.Max(1, min), 5)));
    }

    /// <summary>What an operator says of the size: a number, a range, or nothing, as far as the backend can run it.</summary>
    private FleetSize DrawSize(int number)
    {
        var now = FleetSize.Of(_state.Goal);
        var drawn = _random.Percent(20) ? now : _follows && _random.Percent(50) ? now.Between(DrawRange()) : now.Between(ScaleRange.Fixed(_random.Between(1, Math.Min(4, Limit))));
        return drawn.Most > _ceilings[number] ? Cut(drawn, _ceilings[number]) : drawn;
    }

    private static FleetSize Cut(FleetSize size, int most)
        => size.Range?.AtMost(most) is { } range ? size.Between(range) : size.Between(ScaleRange.Fixed(Math.Min(size.Wanted, most)));

    private FleetGoal GoalOf(int number, FleetSize size) => size.ToGoal(Revision(number), _ceilings[number], CeilingReason(_ceilings[number])) with { Runtime = RuntimeOf(number) };

    /// <summary>Requests at a steady pace.</summary>
    private void Load() => Load(_random.Between(5, 25), Seconds(1.0 / _random.Between(5, 40)));

    private void Load(int seconds, TimeSpan every)
    {
        for (var at = TimeSpan.Zero; at < Seconds(seconds); at += every)
        {
            After(at, ArriveWhileInjected);
        }
    }

    private void ArriveWhileInjected()
    {
        if (!Calm)
        {
            Arrive();
        }
    }

    private void Flutter()
    {
        var (low, high, period) = (_random.Between(0, 3), _random.Between(8, 30), _random.Between(2, 6));
        for (var part = 0; part < 6; part++)
        {
            var perSecond = part % 2 == 0 ? low : high;
            for (var i = 0; i < perSecond * period; i++)
            {
                After(Seconds((part * period) + (i / (double)perSecond)), ArriveWhileInjected);
            }
        }
    }

    /// <summary>As the controller does: where the number follows the load, time comes with the demand.</summary>
    private DeploymentEvent WithDemand(DeploymentEvent news)
    {
        if (news is not DeploymentEvent.Tick || _state.Goal is not { Range: not null })
        {
            return news;
        }

        _demandNoted = false;
        return new DeploymentEvent.Demand(_demand.Read());
    }

    /// <summary>As the data plane does: whoever waits first, or for a first instance, says so.</summary>
    private void NoteDemand()
    {
        if (_state.Goal is { Range: not null } && !_demandNoted && (_waiting.Count == 0 || _route?.Availability == RouteAvailability.ColdStart))
        {
            _demandNoted = true;
            Tell(_random.Milliseconds(0, 2), new DeploymentEvent.Tick());
        }
    }

    private void NoteStarts(SimulatedStep step) => _lastStart = step.Effects.Any(e => e is DeploymentEffect.Start) ? Now : _lastStart;

    /// <summary>Nobody waits his whole time for a first instance that nobody starts, whatever is the matter.</summary>
    private void CheckSomebodyStarts(SimulatedRequest request)
    {
        var tried = _lastStart >= request.Since || _state.Instances.Any(i => i is { Phase: InstancePhase.Starting } or { Leaving: true }) || !_state.Vacancies.IsEmpty;
        if (!tried && _state is { Mode: DeploymentMode.Running, Failure: null, Pause: null, Goal: not null, Share: null or { Instances: > 0 } })
        {
            throw new SimulationFailure($"request {request.Number} waited its whole time, and nobody started an instance for it");
        }
    }

    /// <summary>The number stays within its range and what the backend can run, and only load moves it: at a tick, or from zero at once.</summary>
    private void CheckScaling(SimulatedStep step)
    {
        foreach (var goal in new[] { step.After.Goal, step.After.Stable }.OfType<FleetGoal>())
        {
            Demand(!goal.IsTooMuch, $"{goal} is more than the backend can run");
            Demand(goal.Range is not { } range || range.Clamp(goal.Wanted) == goal.Wanted, $"{goal.Wanted} instances are wanted, outside of {goal.Range}");
        }

        if (step is not { Before: { Goal: { } before, Mode: DeploymentMode.Running } state, After.Goal: { } after } || before.Wanted == after.Wanted || before.Revision != after.Revision)
        {
            return;
        }

        if (step.News is DeploymentEvent.ScaleWanted or DeploymentEvent.DeployWanted or DeploymentEvent.PromoteWanted or DeploymentEvent.Restored)
        {
            return;
        }

        Demand(step.News is DeploymentEvent.Demand, $"the wanted number changed on {step.News.GetType().Name}");
        var reading = ((DeploymentEvent.Demand)step.News).Reading;
        Demand(before.Range is not null, "load moved a number that is fixed");
        Demand(step.At >= state.Scale?.NextTick || (before.Wanted == 0 && reading.Present > 0), "the wanted number changed between two ticks");
        Demand(after.Wanted > 0 || reading.Present == 0, "the last instance is to go although requests are there");
        Demand(after.Wanted > before.Wanted || state.Proven, "the wanted number fell while a revision comes in");
    }

    /// <summary>Whoever waits at zero is heard at once.</summary>
    private void CheckOrders(SimulatedStep step)
    {
        if (step is { News: DeploymentEvent.Demand demand, Before.Goal.Wanted: 0, After: { Mode: DeploymentMode.Running, Failure: null, Goal: { } goal } })
        {
            Demand(demand.Reading.Present == 0 || goal.Wanted > 0, $"{demand.Reading.Present} request(s) are there, and still no instance is wanted");
        }
    }
}
