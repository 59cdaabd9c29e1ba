using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>
/// Instances that outlive the host application. In a part of the worlds those that run when it dies live on by chance, some of them die meanwhile, and the
/// next run is told of the rest before anything else; in a part of these a planned end leaves them running too.
/// </content>
internal sealed partial class Simulation
{
    private readonly List<SimulatedInstance> _survivors = [];
    private bool _outlive;

    private void RegisterAdoption()
    {
        _outlive = _settings.KeepAtStop || _random.Percent(30);
        Does<DeploymentEffect.TakeOver>(e => TakeOver(_instances[e.Id]));
        Does<DeploymentEffect.LetGo>(e => LetGo(_instances[e.Id], e.Drain));
        Checks(CheckUnproved);
        AtTheEnd(() => Demand(_survivors.All(i => _settings.KeepAtStop || !i.Alive), "an instance lives on after the end although it should not"));
    }

    private static void Demand(bool holds, string broken)
    {
        if (!holds)
        {
            throw new SimulationFailure(broken);
        }
    }

    /// <summary>What lives on when the host application dies: whatever its hands held, nobody stops, drains or asks it any more.</summary>
    private bool Survives(SimulatedInstance instance)
    {
        if (!_outlive || !instance.Alive || Calm || !_random.Percent(80))
        {
            return false;
        }

        instance.ServedBefore |= _state.Instances.FirstOrDefault(i => i.Id == instance.Id)?.Ready is not null && _random.Percent(90);
        (instance.StopAsked, instance.Draining, instance.StartCancelled, instance.EndTold, instance.Target) = (false, false, false, false, null);
        instance.Targets.Clear();
        _living.Remove(instance);
        _survivors.Add(instance);
        return true;
    }

    /// <summary>The next run: those that still live are taken over where the deployment comes back, the others are ended. Nothing was started before.</summary>
    /// <returns>Whether the run outlived that.</returns>
    private bool AdoptSurvivors()
    {
        var life = _life;
        foreach (var instance in _survivors.ToArray())
        {
            _survivors.Remove(instance);
            if (!instance.Alive)
            {
                continue;
            }

            if (_disk is not { } stored || (stored.Serves is null && stored.Rollout is null))
            {
                instance.Alive = false;
                End(instance);
                _history.World(Now, $"{instance.Id} is swept");
                continue;
            }

            _invariants.OnAdopted(instance.Id);
            _living.Add(instance);
            instance.ToldAt = Now;
            Step(new DeploymentEvent.Adopted(instance.Id, instance.Revision, $"127.0.0.1:{instance.Port}", DateTimeOffset.UnixEpoch, instance.ServedBefore));
            if (life != _life)
            {
                return false;
            }
        }

        return true;
    }

    private void TakeOver(SimulatedInstance instance)
    {
        Demand(!instance.TakenOver || instance.Life != _life, $"{instance.Id} was taken over twice");
        (instance.TakenOver, instance.Life) = (true, _life);
    }

    private void LetGo(SimulatedInstance instance, bool drain)
    {
        Demand(_settings.KeepAtStop && _state.Mode == DeploymentMode.Stopping, $"{instance.Id} was let go of although it should end");
        instance.Leaves = true;
        Stop(instance, drain);
    }

    /// <summary>In the place of its end, for one that is let go of. One that died while its requests finished is cleared away.</summary>
    private bool LeaveSoon(SimulatedInstance instance)
    {
        if (!instance.Leaves)
        {
            return false;
        }

        instance.Leaves = false;
        if (!instance.Alive)
        {
            return false;
        }

        (instance.StopAsked, instance.Target, instance.ServedBefore) = (false, null, instance.ServedBefore || _state.Instances.First(i => i.Id == instance.Id).Ready is not null);
        instance.Targets.Clear();
        _living.Remove(instance);
        _survivors.Add(instance);
        Tell(_random.Milliseconds(0, 5), new DeploymentEvent.LetGone(instance.Id));
        return true;
    }

    /// <summary>Before it has proved itself in this run an instance of an earlier one takes no request, and no more is waited for it than is due.</summary>
    private void CheckUnproved(SimulatedStep step)
    {
        if (step.News is DeploymentEvent.Adopted adopted && step.After.Instances.FirstOrDefault(i => i.Id == adopted.Id) is { } found)
        {
            Demand(found.Phase == InstancePhase.Starting || found.Leaving, $"{found.Id} is {found.Phase} before it has proved itself");
        }

        foreach (var instance in step.After.Instances.Where(i => i is { Survived: true, Ready: null }))
        {
            Demand(!instance.TakesRequests, $"{instance.Id} takes requests before it has proved itself");
            Demand(
                !instance.ServedBefore || instance.Leaving || instance.Start!.Deadline <= instance.Started.Uptime + (_settings.StatusCheck.Timeout * _settings.StatusCheck.Misses) || step.News is not DeploymentEvent.Adopted,
                $"{instance.Id} served before, and gets more time than as many misses take");
        }
    }
}
