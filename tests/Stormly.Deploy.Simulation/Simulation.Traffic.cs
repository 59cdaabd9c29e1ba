using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>Callers, and the data plane between them and the instances: real targets, real choice, real rules of the queue.</content>
internal sealed partial class Simulation
{
    private const int MostRetries = 2;
    private static readonly PluginEndpoint Endpoint = new("/", null!, new RevisionId(new string('0', 64)));
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(6);

    private readonly RoutingOptions _routing = new() { QueueLength = 10, QueueTimeout = Seconds(2), MaxRequestsPerInstance = 4, ColdStartTimeout = Seconds(20) };
    private readonly List<SimulatedRequest> _waiting = [];
    private readonly HashSet<SimulatedRequest> _open = [];
    private PluginRoute? _route;
    private int _requests;

    private void RegisterTraffic()
    {
        Injects(30, "requests come", () => Burst(_random.Between(1, 25)));
        AtTheEnd(() =>
        {
            if (_open.Count > 0 || _waiting.Count > 0)
            {
                throw new SimulationFailure($"at the end {_open.Count} requests have no answer, {_waiting.Count} of them wait");
            }
        });
    }

    private void Burst(int count)
    {
        for (var i = 0; i < count; i++)
        {
            After(_random.Milliseconds(0, 2000), Arrive);
        }
    }

    private void Arrive()
    {
        if (_up)
        {
            var request = new SimulatedRequest(++_requests, _life, Now);
            _open.Add(request);
            Acquire(request);
        }
    }

    private void PublishRoute()
    {
        if (_state.Mode is DeploymentMode.Removing or DeploymentMode.Over)
        {
            _route = null;
            CloseAllBut(null);
            return;
        }

        var plan = _options.Routes(_state, Uptime);
        Invariants.CheckRoute(_state, plan);
        var targets = plan.Targets.Select(id => Open(_instances[id])).ToArray();
        _route = new PluginRoute { Plugin = _plugin, Targets = [.. targets], Canary = DivideRoute(plan.Canary, targets), Availability = plan.Availability, Reason = plan.Reason, RetryAfter = plan.RetryAfter };
        CloseAllBut(plan);
    }

    private static RouteTarget Open(SimulatedInstance instance)
    {
        if (instance.Target is null)
        {
            instance.Target = new RouteTarget(instance.Id, instance.Revision, new InstanceAddress("127.0.0.1", instance.Port), Endpoint);
            instance.Targets.Add(instance.Target);
        }

        return instance.Target;
    }

    private void CloseAllBut(RoutePlan? plan)
    {
        foreach (var known in _state.Instances)
        {
            Close(_instances.GetValueOrDefault(known.Id), plan);
        }

        foreach (var living in _living.ToArray())
        {
            Close(living, plan);
        }
    }

    private void Close(SimulatedInstance? instance, RoutePlan? plan)
    {
        if (instance?.Target is { } target && plan?.Targets.Contains(instance.Id) != true)
        {
            target.Close();
            instance.Target = null;
        }
    }

    private void Serve()
    {
        foreach (var request in _waiting.ToArray())
        {
            if (_waiting.Remove(request) && !TryServe(request))
            {
                _waiting.Add(request);
            }
        }
    }

    private void Acquire(SimulatedRequest request)
    {
        if (TryServe(request))
        {
            return;
        }

        if (_waiting.Count >= _routing.QueueLength)
        {
            CheckNobodyIsFree(request);
            Finish(request, 429);
            return;
        }

        Enter(request);
        NoteDemand();
        _waiting.Add(request);
        After(QueueRules.WaitLimit(_route, request.Tried, _routing), () => Expire(request));
    }

    private void Expire(SimulatedRequest request)
    {
        if (_waiting.Contains(request))
        {
            var rest = request.Since + QueueRules.WaitLimit(_route, request.Tried, _routing) - Now;
            if (rest > TimeSpan.Zero)
            {
                After(rest, () => Expire(request));
                return;
            }

            _waiting.Remove(request);
            CheckNobodyIsFree(request);
            if (_route?.Availability == RouteAvailability.ColdStart)
            {
                CheckSomebodyStarts(request);
            }

            Finish(request, 503);
        }
    }

    /// <summary>Nobody is turned away whom some instance could answer.</summary>
    private void CheckNobodyIsFree(SimulatedRequest request)
    {
        if (_route?.Targets.FirstOrDefault(t => !t.IsClosed && t.InFlight < _routing.MaxRequestsPerInstance && !request.Tried.Contains(t)) is { } free)
        {
            throw new SimulationFailure($"request {request.Number} was turned away although {free.Instance} is free");
        }
    }

    private bool TryServe(SimulatedRequest request)
    {
        if (_route is null)
        {
            Finish(request, 404);
            return true;
        }

        if (TargetPicker.Claim(_route, null, _routing.MaxRequestsPerInstance, request.Tried, _random) is { } target)
        {
            Enter(request);
            Call(request, target);
            return true;
        }

        if (_route.Availability != RouteAvailability.Unavailable)
        {
            return false;
        }

        if (request.Tried.IsEmpty && _state.Instances.Any(i => i is { Phase: InstancePhase.Ready, Dead: false }) && _state.Mode == DeploymentMode.Running)
        {
            throw new SimulationFailure($"request {request.Number} was refused although an instance is ready");
        }

        Finish(request, 503);
        return true;
    }

    private void Call(SimulatedRequest request, RouteTarget target)
    {
        var instance = _instances[target.Instance];
        request.CalledAt = Now;
        Invariants.CheckClaim(_state, target);
        if (instance.Alive && instance.Listener == ListenerVerdict.Stranger)
        {
            throw new SimulationFailure($"request {request.Number} went to a stranger on the port of {instance.Id}");
        }

        if (!instance.Alive)
        {
            After(_random.Milliseconds(0, 2), () => Return(request, instance, target, 0, again: true));
            return;
        }

        var age = Now - instance.UpSince;
        var takes = age >= instance.HangsAfter ? RequestTimeout : _random.Percent(3) ? _random.Milliseconds(1000, 8000) : _random.Milliseconds(1, 300);
        var late = takes > RequestTimeout || age >= instance.HangsAfter;
        After(late ? RequestTimeout : takes, () => Return(request, instance, target, !instance.Alive ? 0 : late ? 504 : age >= instance.HalfAliveAfter ? 502 : 200, again: false));
    }

    private void Return(SimulatedRequest request, SimulatedInstance instance, RouteTarget target, int code, bool again)
    {
        target.Release();
        FinishDrainWhenIdle(instance);
        if (request.Life != _life)
        {
            return;
        }

        Leave(request);
        if (code != 0)
        {
            _demand.Service.Add(Now - request.CalledAt);
        }

        if (code == 0)
        {
            Tell(TimeSpan.Zero, new DeploymentEvent.Troubled(instance.Id, "connection refused"));
        }

        if (target.NoteOutcome(code == 200))
        {
            After(_random.Milliseconds(0, 3), () => PassTraffic(request.Life, target));
        }

        if (again && request.Tried.Length < MostRetries)
        {
            request.Tried = request.Tried.Add(target);
            request.Since = Now;
            Acquire(request);
        }
        else
        {
            Finish(request, code == 0 ? 502 : code);
        }

        Serve();
    }

    private void PassTraffic(int life, RouteTarget target)
    {
        if (_up && life == _life && _route?.Targets.FirstOrDefault(t => t.Instance == target.Instance) is { } open)
        {
            Step(new DeploymentEvent.TrafficFailed(target.Instance, open.ReadTraffic()));
        }
    }

    /// <summary>Requests count from when they run or wait, each once.</summary>
    private void Enter(SimulatedRequest request)
    {
        if (!request.Counted)
        {
            request.Counted = true;
            _demand.Enter();
        }
    }

    private void Leave(SimulatedRequest request)
    {
        if (request.Counted)
        {
            request.Counted = false;
            _demand.Leave();
        }
    }

    private void Finish(SimulatedRequest request, int code)
    {
        Leave(request);
        Demand(request.Number <= _coldFrom || code is 200 or 504, $"request {request.Number} came when nothing ran, nothing was wrong, and it got {code}");
        _history.World(Now, code == 200 ? "200" : $"request {request.Number} gets {code}");
        if (++request.Answers != 1 || !_open.Remove(request))
        {
            throw new SimulationFailure($"request {request.Number} was answered {request.Answers} times");
        }
    }
}
