using Stormly.Deploy.Health;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>Instances that outlive the host application: found again at its start, and left running at its end.</content>
internal sealed partial class DeploymentMachine
{
    /// <summary>
    /// An instance of an earlier run counts as one that is starting until one good status check has proved it: short for one that served before, for as
    /// long as replaces one that serves.
    /// </summary>
    private void OnAdopted(DeploymentTurn turn, DeploymentEvent.Adopted adopted)
    {
        var limit = adopted.ServedBefore ? settings.StatusCheck.Timeout * settings.StatusCheck.Misses : settings.Start.Deadline;
        turn.Do(new DeploymentEffect.TakeOver(adopted.Id, adopted.Revision));
        turn.Record(
            DecisionKind.Recover, adopted.Id.Value, $"take {adopted.Id} over with revision {adopted.Revision.Short}",
            $"it lived on when the host application ended{(adopted.ServedBefore ? "" : ", and was still starting then")}; it takes requests once its status check answers 200",
            new DecisionBasis("time to prove itself", "wait for its status check", "start another").With("limit", limit));
        turn.State = turn.State with
        {
            Instances = turn.State.Instances.Add(new InstanceState
            {
                Id = adopted.Id,
                Revision = adopted.Revision,
                Phase = InstancePhase.Starting,
                Line = BackOffState.None,
                Started = turn.Now with { Wall = adopted.StartedAt },
                Address = adopted.Address,
                Survived = true,
                ServedBefore = adopted.ServedBefore,
                Start = StartPolicy.Begin(settings.Start, turn.Now.Uptime) with { Deadline = turn.Now.Uptime + limit, Limit = limit },
            }),
        };
    }

    /// <summary>Ends an instance because the host application does, or leaves it running where that is the setting.</summary>
    private void EndOrLetGo(DeploymentTurn turn, InstanceState instance)
    {
        if (!LetsGo(turn.State.Mode) || instance is { Leaving: true } or { Dead: true } or { Launched: false })
        {
            BeginStop(turn, instance);
            return;
        }

        var drain = instance.Phase != InstancePhase.Starting;
        turn.Do(new DeploymentEffect.LetGo(instance.Id, drain));
        turn.Put(instance with { Phase = drain ? InstancePhase.Draining : InstancePhase.Stopping });
    }

    private bool LetsGo(DeploymentMode mode) => settings.KeepAtStop && mode == DeploymentMode.Stopping;

    /// <summary>Where nothing can be deployed, nobody wants back what lived on.</summary>
    private static void StopUnwanted(DeploymentTurn turn, string reason)
    {
        foreach (var instance in turn.State.Goal is null ? turn.State.Instances.Where(i => i is { Survived: true, Leaving: false }) : [])
        {
            turn.Record(DecisionKind.Stop, instance.Id.Value, $"stop {instance.Id}", $"it lived on when the host application ended, and nothing of the plugin can be deployed: {reason}");
            BeginStop(turn, instance);
        }
    }

    private static void OnLetGone(DeploymentTurn turn, InstanceState instance)
    {
        turn.Drop(instance);
        turn.Record(DecisionKind.Stop, instance.Id.Value, $"leave {instance.Id} running", "instances are kept when the host application ends; its next run takes them over");
    }
}
