using Stormly.Deploy.Health;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>The simulated backend and its instances.</content>
internal sealed partial class Simulation
{
    private const int FixedPort = 5000;
    private static readonly TimeSpan DrainBound = TimeSpan.FromSeconds(5);

    private readonly Dictionary<InstanceId, SimulatedInstance> _instances = [];
    private readonly List<SimulatedInstance> _living = [];

    private void RegisterHost()
    {
        Does<DeploymentEffect.Start>(Launch);
        Does<DeploymentEffect.CancelStart>(e => CancelStart(_instances[e.Id]));
        Does<DeploymentEffect.Probe>(e => Probe(_instances[e.Id], e));
        Does<DeploymentEffect.Stop>(e => Stop(_instances[e.Id], e.Drain));
        Does<DeploymentEffect.Relabel>(Relabel);
    }

    private void Relabel(DeploymentEffect.Relabel relabel)
    {
        foreach (var id in relabel.Ids)
        {
            _instances[id].Revision = relabel.Revision;
        }
    }

    private void Launch(DeploymentEffect.Start start)
    {
        var instance = new SimulatedInstance(start.Id, start.Revision);
        _instances.Add(start.Id, instance);
        _living.Add(instance);
        DrawFate(instance);
        After(instance.LaunchTakes, () => FinishLaunch(instance));
    }

    private void DrawFate(SimulatedInstance instance)
    {
        instance.LaunchTakes = _random.Milliseconds(5, 100);
        instance.Boot = _random.Milliseconds(0, 800);
        instance.StopTakes = _random.Milliseconds(1, 500);
        if (Calm)
        {
            return;
        }

        GiveCharacter(instance, _characters[RevisionNumber(instance.Revision)]);
        if (_random.Percent(20))
        {
            GiveCharacter(instance, _random.Next(13));
        }

        if (_random.Percent(10))
        {
            instance.StopTakes = _random.Milliseconds(5000, 11000);
        }

        instance.StopFails = _random.Percent(2);
    }

    private void GiveCharacter(SimulatedInstance instance, int character)
    {
        switch (character)
        {
            case 0: instance.ExitsAfter = _random.Milliseconds(0, 300); break;
            case 1: instance.Boot = SimulatedInstance.Never; break;
            case 2: (instance.Boot, instance.BootStatus) = (_random.Milliseconds(1000, 30_000), 500); break;
            case 3: instance.Boot = _random.Milliseconds(1000, 15_000); break;
            case 4: instance.Listener = _random.Percent(50) ? ListenerVerdict.Elsewhere : ListenerVerdict.Stranger; break;
            case 5: (instance.ExitsAfter, instance.ExitCause, instance.ExitCode) = (_random.Milliseconds(0, 50), ExitCause.CommandNotRunnable, 127); break;
            case 6: (instance.ExitsAfter, instance.ExitCause) = (_random.Milliseconds(0, 200), ExitCause.PortTaken); break;
            case 7: instance.Flaps = true; break;
            case 8: instance.HangsAfter = _random.Milliseconds(1000, 40_000); break;
            case 9: instance.BadAfter = _random.Milliseconds(1000, 40_000); break;
            case 10: instance.HalfAliveAfter = _random.Milliseconds(0, 20_000); break;
            case 11: (instance.ExitsAfter, instance.ExitCode) = (_random.Milliseconds(1000, 30_000), _random.Next(2)); break;
            case 12: (instance.Refusal, instance.LaunchTakes) = ("the backend refused it", _random.Percent(10) ? _settings.Start.Deadline : _random.Milliseconds(1, 2000)); break;
            default: break;
        }
    }

    private void FinishLaunch(SimulatedInstance instance)
    {
        if (!instance.Live || instance.EndTold || instance.UpSince < SimulatedInstance.Never)
        {
            return;
        }

        if (instance.Refusal is { } refusal)
        {
            End(instance);
            instance.EndTold = true;
            Tell(_random.Milliseconds(0, 3), new DeploymentEvent.LaunchFailed(new StartFailure { Instance = instance.Id, Reason = refusal }));
            return;
        }

        instance.Port = PickPort(instance);
        instance.Alive = true;
        instance.UpSince = Now;
        var delay = _random.Milliseconds(0, 3);
        instance.ToldAt = Now + delay;
        Tell(delay, new DeploymentEvent.Launched(instance.Id, $"127.0.0.1:{instance.Port}"));
        if (instance.ExitsAfter < SimulatedInstance.Never)
        {
            After(delay + instance.ExitsAfter, () => Die(instance, instance.ExitCause, instance.ExitCode));
        }
    }

    private int PickPort(SimulatedInstance instance)
    {
        if (_ceilings[RevisionNumber(instance.Revision)] > 1)
        {
            var port = 20000;
            while (_living.Any(i => i.Alive && i.Port == port))
            {
                port++;
            }

            return port;
        }

        if (_living.FirstOrDefault(i => i.Alive && i.Port == FixedPort) is { } other)
        {
            throw new SimulationFailure($"two live instances on one port: {other.Id} and {instance.Id}");
        }

        return FixedPort;
    }

    private void Die(SimulatedInstance instance, ExitCause cause, int code)
    {
        if (instance.Alive)
        {
            instance.Alive = false;
            End(instance);
            _history.World(Now, $"{instance.Id} dies: {cause} {code}");

            // Whoever waits for the end of an instance does so only once its start was told.
            var seen = instance.ToldAt > Now ? instance.ToldAt - Now : TimeSpan.Zero;
            Tell(seen + _random.Milliseconds(1, 10), new DeploymentEvent.Exited(instance.Id, new InstanceExit { ExitCode = code, Cause = cause, Reason = $"ended with exit code {code}" }));
        }
    }

    private void End(SimulatedInstance instance)
    {
        instance.Live = false;
        _living.Remove(instance);
    }

    private void CancelStart(SimulatedInstance instance)
    {
        if (instance.StartCancelled)
        {
            throw new SimulationFailure($"the start of {instance.Id} was cancelled twice");
        }

        instance.StartCancelled = true;
        if (instance.UpSince == SimulatedInstance.Never && !instance.EndTold && _random.Percent(70))
        {
            (instance.Refusal, instance.LaunchTakes) = ("its start was given up", _random.Milliseconds(0, 50));
            After(instance.LaunchTakes, () => FinishLaunch(instance));
        }
    }

    private void Stop(SimulatedInstance instance, bool drain)
    {
        if (instance.StopAsked || instance.UpSince == SimulatedInstance.Never)
        {
            throw new SimulationFailure($"{instance.Id} was told to stop {(instance.StopAsked ? "twice" : "before it was started")}");
        }

        instance.StopAsked = true;
        if (!drain)
        {
            EndSoon(instance);
            return;
        }

        instance.Draining = true;
        After(DrainBound, () => FinishDrain(instance));
        FinishDrainWhenIdle(instance);
    }

    private void FinishDrainWhenIdle(SimulatedInstance instance)
    {
        if (instance.Draining && instance.Targets.All(t => t.IsClosed && t.InFlight == 0))
        {
            After(TimeSpan.Zero, () => FinishDrain(instance));
        }
    }

    private void FinishDrain(SimulatedInstance instance)
    {
        if (instance.Draining)
        {
            instance.Draining = false;
            Tell(TimeSpan.Zero, new DeploymentEvent.Drained(instance.Id));
            EndSoon(instance);
        }
    }

    private void EndSoon(SimulatedInstance instance)
    {
        var life = _life;
        After(instance.StopTakes, () =>
        {
            if (life != _life || LeaveSoon(instance))
            {
                return;
            }

            instance.EndTold = true;
            if (instance.StopFails && instance.Alive)
            {
                instance.Live = false;
                _living.Remove(instance);
                Tell(TimeSpan.Zero, new DeploymentEvent.Ended(instance.Id, "something of it still lives"));
                return;
            }

            var first = _random.Percent(50);
            if (first)
            {
                Die(instance, ExitCause.Stopped, 143);
            }

            Tell(_random.Milliseconds(0, 12), new DeploymentEvent.Ended(instance.Id, null));
            Die(instance, ExitCause.Stopped, 143);
        });
    }

    private void Probe(SimulatedInstance instance, DeploymentEffect.Probe probe)
    {
        if (!Calm && _random.Percent(3))
        {
            Report(instance, probe, 0, Uptime, _settings.StatusCheck.Timeout + (_random.Percent(50) ? TimeSpan.Zero : _random.Milliseconds(0, 8000)));
            return;
        }

        var code = instance.StatusAt(Now);
        Report(instance, probe, code, Uptime, code == 0 && instance.Alive ? _settings.StatusCheck.Timeout : _random.Milliseconds(1, 20));
    }

    private void Report(SimulatedInstance instance, DeploymentEffect.Probe probe, int code, TimeSpan begun, TimeSpan takes)
    {
        var life = _life;
        var listener = probe.Proving && (code == 200 || probe.Question != ListenerQuestion.None) ? instance.Listener : ListenerVerdict.Ours;
        var answer = listener switch
        {
            ListenerVerdict.Stranger => ProbeAnswer.Stranger,
            ListenerVerdict.Elsewhere when code == 200 || probe.Question == ListenerQuestion.Final => ProbeAnswer.Elsewhere,
            _ => code == 200 ? ProbeAnswer.Good : code == 0 ? ProbeAnswer.NoAnswer : ProbeAnswer.BadStatus,
        };
        After(takes, () =>
        {
            if (_up && life == _life)
            {
                Step(new DeploymentEvent.Probed(instance.Id, new ProbeReport(answer, code, $"answered {code}", probe.Due, begun, Uptime)));
            }
        });
    }
}
