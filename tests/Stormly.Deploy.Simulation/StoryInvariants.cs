using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <summary>What people read must be true and in the true order: no news of what is gone, each start with one end, each instance's records in the order of its life.</summary>
internal sealed class StoryInvariants
{
    private readonly HashSet<string> _begun = [];
    private readonly HashSet<string> _served = [];
    private readonly HashSet<string> _stopped = [];
    private readonly HashSet<string> _gone = [];

    public void Check(SimulatedStep step)
    {
        CheckNewsOfTheGone(step);
        foreach (var effect in step.Effects)
        {
            Note(effect);
        }

        foreach (var old in step.Before.Instances)
        {
            if (step.After.Instances.All(i => i.Id != old.Id))
            {
                CheckGone(step, old);
            }
        }
    }

    private static InstanceId? Subject(DeploymentEvent news) => news switch
    {
        DeploymentEvent.Launched e => e.Id,
        DeploymentEvent.LaunchFailed e => e.Failure.Instance,
        DeploymentEvent.Exited e => e.Id,
        DeploymentEvent.Probed e => e.Id,
        DeploymentEvent.Troubled e => e.Id,
        DeploymentEvent.TrafficFailed e => e.Id,
        DeploymentEvent.Drained e => e.Id,
        DeploymentEvent.Ended e => e.Id,
        DeploymentEvent.LetGone e => e.Id,
        _ => null,
    };

    private static void Require(bool holds, string broken)
    {
        if (!holds)
        {
            throw new SimulationFailure(broken);
        }
    }

    private static void CheckNewsOfTheGone(SimulatedStep step)
    {
        if (Subject(step.News) is { } id && step.Before.Instances.All(i => i.Id != id))
        {
            Require(step.Effects.All(e => e is not DeploymentEffect.Record record || record.Subject != id.Value), $"{step.News.GetType().Name} of {id}, which is gone, had a consequence");
        }
    }

    private void Note(DeploymentEffect effect)
    {
        switch (effect)
        {
            case DeploymentEffect.Start e:
                Require(_begun.Contains(e.Id.Value), $"{e.Id} was started before a decision said so");
                break;
            case DeploymentEffect.Stop e:
                _stopped.Add(e.Id.Value);
                break;
            case DeploymentEffect.LetGo e:
                _stopped.Add(e.Id.Value);
                break;
            case DeploymentEffect.TakeOver e:
                _gone.Remove(e.Id.Value);
                break;
            case DeploymentEffect.Record e:
                Note(e);
                break;
            default:
                break;
        }
    }

    private void Note(DeploymentEffect.Record record)
    {
        Require(!_gone.Contains(record.Subject), $"'{record.What}' was told after {record.Subject} was gone");
        if (record.Kind == DecisionKind.Start)
        {
            _begun.Add(record.Subject);
        }
        else if (record.Kind == DecisionKind.Promote)
        {
            Require(_begun.Contains(record.Subject), $"'{record.What}' was told before its start");
            _served.Add(record.Subject);
        }
        else if (record.Kind is DecisionKind.Replace or DecisionKind.Route)
        {
            Require(_served.Contains(record.Subject), $"'{record.What}' was told of {record.Subject}, which was never ready");
        }
    }

    private void CheckGone(SimulatedStep step, InstanceState old)
    {
        var failed = step.News is DeploymentEvent.LaunchFailed e && e.Failure.Instance == old.Id;
        Require(failed != _stopped.Contains(old.Id.Value), $"{old.Id} is gone, and {(failed ? "although it never ran, it was told to stop" : "nobody stopped it")}");
        _gone.Add(old.Id.Value);
    }
}
