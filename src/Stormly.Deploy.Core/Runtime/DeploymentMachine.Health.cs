using System.Globalization;
using Stormly.Deploy.Health;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>Status checks: when they are made and what follows from them.</content>
internal sealed partial class DeploymentMachine
{
    private void AskForStatus(DeploymentTurn turn)
    {
        foreach (var instance in turn.State.Instances)
        {
            if (instance.NextProbe is { } due && due <= turn.Now.Uptime)
            {
                var proving = instance.Phase == InstancePhase.Starting;
                var question = proving ? StartPolicy.NextQuestion(settings.StatusCheck, instance.Start!, turn.Now.Uptime) : ListenerQuestion.None;
                turn.Put(instance with { Probing = true });
                turn.Do(new DeploymentEffect.Probe(instance.Id, due, proving, question));
            }
        }
    }

    private void OnProbed(DeploymentTurn turn, InstanceState instance, DeploymentEvent.Probed probed)
    {
        var report = probed.Report;
        instance = turn.Put(instance with { Probing = false, LastProbed = turn.Now.Uptime, Answers = report.Answer is ProbeAnswer.Good or ProbeAnswer.BadStatus });
        switch (instance)
        {
            case { Leaving: true }: break;
            case { Phase: InstancePhase.Starting }: JudgeStart(turn, instance, probed); break;
            case { Phase: InstancePhase.Ready }: JudgeReady(turn, instance, report); break;
            default: JudgeSuspect(turn, instance, report); break;
        }
    }

    private void OnTroubled(DeploymentTurn turn, InstanceState instance)
    {
        if (instance is { Status: { } status, Leaving: false })
        {
            var soon = instance.LastProbed + settings.TroubleSpacing;
            var next = soon > turn.Now.Uptime ? soon : turn.Now.Uptime;
            turn.Put(instance with { Status = status with { NextAt = next < status.NextAt ? next : status.NextAt } });
        }
    }

    private void JudgeStart(DeploymentTurn turn, InstanceState instance, DeploymentEvent.Probed probed)
    {
        var (start, decision) = StartPolicy.Judge(settings.Start, settings.StatusCheck, instance.Start!, probed.Report, turn.Now.Uptime);
        decision = decision with { Reason = Clause(decision.Reason) };
        instance = turn.Put(instance with { Start = start, Trouble = decision.Verdict == StartVerdict.Ready ? null : decision.Reason });
        if (decision.Verdict == StartVerdict.Ready && NeedsExamples(turn.State, instance))
        {
            turn.Put(instance with { AwaitsExamples = true, Trouble = "it takes no requests before the examples of its revision were run" });
        }
        else if (decision.Verdict == StartVerdict.Ready)
        {
            Promote(turn, instance, decision.Reason);
        }
        else if (decision.Verdict != StartVerdict.Wait)
        {
            turn.Record(DecisionKind.Stop, instance.Id.Value, $"stop {instance.Id}", decision.Reason + LastWords(probed.OutputTail), decision.Basis, trouble: true);
            BeginStop(turn, instance);
            Fail(turn, instance, new StartFailure
            {
                Instance = instance.Id,
                Reason = decision.Reason,
                OutputTail = probed.OutputTail,
                PortTaken = decision.Verdict == StartVerdict.AnotherPort,
                Incurable = decision.Verdict == StartVerdict.Incurable,
            });
        }
    }

    private void Promote(DeploymentTurn turn, InstanceState instance, string reason)
    {
        turn.Record(DecisionKind.Promote, instance.Id.Value, $"{instance.Id} takes requests", reason);
        TimeSpan? settles = settings.Rollout.MinReadyTime > TimeSpan.Zero && !instance.ServedBefore ? turn.Now.Uptime + settings.Rollout.MinReadyTime : null;
        turn.Put(instance with
        {
            Phase = InstancePhase.Ready,
            Ready = turn.Now,
            SettlesAt = settles,
            Status = AskAt(StatusCheckPolicy.Begin(settings.StatusCheck, turn.Now.Uptime), settles),
            Line = instance.Line with { PortAttempts = 0 },
        });
        turn.State = turn.State with
        {
            EverReady = true,
            FromZero = false,
            LastStartTook = instance.Survived ? turn.State.LastStartTook : turn.Now.Uptime - instance.Started.Uptime,
        };
        Progressed(turn);
    }

    private void Progressed(DeploymentTurn turn)
        => turn.State = turn.State with { ProgressDeadline = turn.State.ProgressDeadline is null ? null : Deadline(turn) };

    /// <summary>An instance counts for the exchange once a check is good after it was ready for long enough; only then is its start over.</summary>
    private void Settle(DeploymentTurn turn, InstanceState instance)
    {
        if (instance is { SettlesAt: { } at, Ejected: false } && turn.Now.Uptime >= at)
        {
            var why = string.Create(CultureInfo.InvariantCulture, $"it has been ready for {(turn.Now.Uptime - instance.Ready!.Value.Uptime).TotalSeconds:0.#} s, and its status check is good");
            turn.Record(DecisionKind.Promote, instance.Id.Value, $"count {instance.Id} as ready", why);
            turn.Put(instance with { SettlesAt = null });
            Progressed(turn);
        }
    }

    private static StatusState AskAt(StatusState status, TimeSpan? soonest) => soonest < status.NextAt ? status with { NextAt = soonest.Value } : status;

    private void JudgeReady(DeploymentTurn turn, InstanceState instance, ProbeReport report)
    {
        var (status, decision) = StatusCheckPolicy.Judge(settings.StatusCheck, instance.Status!, report, turn.Now.Uptime);
        var trouble = decision.Verdict != StatusVerdict.Good ? decision.Reason : instance.Ejected ? instance.Trouble : null;
        instance = turn.Put(instance with { Status = instance.SettlesAt > turn.Now.Uptime ? AskAt(status, instance.SettlesAt) : status, Trouble = trouble });
        if (decision.Verdict == StatusVerdict.Good)
        {
            Settle(turn, instance);
        }
        else if (decision.Verdict == StatusVerdict.Replace)
        {
            Replace(turn, instance, decision.Reason, decision.Basis);
        }
    }

    /// <summary>A sick instance comes back only where it is good again and its substitute could not be started.</summary>
    private void JudgeSuspect(DeploymentTurn turn, InstanceState instance, ProbeReport report)
    {
        var (status, decision) = StatusCheckPolicy.Judge(settings.StatusCheck, instance.Status!, report, turn.Now.Uptime);
        instance = turn.Put(instance with { Status = status });
        var substitutes = turn.State.Instances.Any(i => i is { Phase: InstancePhase.Starting, Dead: false } && FleetGroup.Together(turn.State, i.Revision, instance.Revision));
        if (decision.Verdict == StatusVerdict.Good && instance.SubstituteFailed && !substitutes)
        {
            turn.Record(DecisionKind.Route, instance.Id.Value, $"put {instance.Id} back", "its status check answered 200 again, and its substitute could not be started");
            turn.Put(instance with { Phase = InstancePhase.Ready, SubstituteFailed = false, Trouble = null });
        }
    }
}
