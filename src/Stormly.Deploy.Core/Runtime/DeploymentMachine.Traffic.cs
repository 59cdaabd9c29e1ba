using Stormly.Deploy.Health;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>What live traffic shows of an instance whose status checks are good.</content>
internal sealed partial class DeploymentMachine
{
    private void OnTraffic(DeploymentTurn turn, InstanceState instance, OutlierReading reading)
    {
        if (instance is { Phase: InstancePhase.Ready, Dead: false, Ejected: false })
        {
            JudgeTraffic(turn, instance, reading);
        }
    }

    private void ReturnEjected(DeploymentTurn turn)
    {
        foreach (var instance in turn.State.Instances)
        {
            if (instance is { Phase: InstancePhase.Ready, Ejected: true })
            {
                JudgeTraffic(turn, instance, default);
            }
        }
    }

    private void JudgeTraffic(DeploymentTurn turn, InstanceState instance, OutlierReading reading)
    {
        var others = turn.State.Instances.Count(i => i.TakesRequests && i.Id != instance.Id && MayAnswerFor(turn.State, i, instance));
        var decision = OutlierPolicy.Decide(settings.Outlier, instance.Outlier, reading, others, turn.Now.Uptime);
        instance = turn.Put(instance with { Outlier = decision.State });
        switch (decision.Verdict)
        {
            case OutlierVerdict.Eject:
                turn.Record(DecisionKind.Route, instance.Id.Value, $"route no requests to {instance.Id} for a while", decision.Reason, decision.Basis);
                EndCanaryThatIsOut(turn, turn.Put(instance with { Trouble = decision.Reason }), decision);
                break;
            case OutlierVerdict.Return:
                turn.Record(DecisionKind.Route, instance.Id.Value, $"route requests to {instance.Id} again", decision.Reason);
                turn.Put(instance with { Trouble = null });
                break;
            case OutlierVerdict.Replace:
                Replace(turn, instance, decision.Reason, decision.Basis);
                break;
            default:
                break;
        }
    }

    /// <summary>A canary none of whose instances takes requests would never have as many as its rule needs: what put the last one out is enough to judge it.</summary>
    private static void EndCanaryThatIsOut(DeploymentTurn turn, InstanceState last, OutlierDecision decision)
    {
        if (turn.State is { Pause: null, Canary: { Routed: > 0, Spec.Rule: not null } canary } && last.Revision == canary.Revision
            && !turn.State.Instances.Any(i => i.Revision == canary.Revision && i.TakesRequests))
        {
            var why = $"its rule gets no more requests to judge by, because none of its instances takes any; the last was {last.Id}: {decision.Reason}";
            EndCanary(turn, why, new StartFailure { Instance = last.Id, Reason = decision.Reason }, decision.Basis, failed: true);
        }
    }

    private void Replace(DeploymentTurn turn, InstanceState instance, string reason, DecisionBasis? basis)
    {
        turn.Record(DecisionKind.Replace, instance.Id.Value, $"replace {instance.Id}", reason, basis);
        instance = turn.Put(instance with { Phase = InstancePhase.Suspect, Trouble = reason });
        Fail(turn, instance, new StartFailure { Instance = instance.Id, Reason = reason });
    }
}
