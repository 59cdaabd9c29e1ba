using System.Globalization;
using Stormly.Deploy.Health;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Runtime;

/// <content>What happens to instances: started, ended, failed.</content>
internal sealed partial class DeploymentMachine
{
    private void OnLaunched(DeploymentTurn turn, InstanceState instance, string address)
    {
        instance = turn.Put(instance with { Address = address, Start = StartPolicy.Begin(settings.Start, turn.Now.Uptime) });
        if (instance.Leaving)
        {
            turn.Do(new DeploymentEffect.Stop(instance.Id, Drain: false));
        }
    }

    private void OnLaunchFailed(DeploymentTurn turn, StartFailure failure)
    {
        if (turn.Find(failure.Instance) is not { } instance)
        {
            return;
        }

        turn.Drop(instance);
        if (instance.Leaving)
        {
            turn.Record(DecisionKind.Stop, instance.Id.Value, $"{instance.Id} is gone", $"its start was given up before it ran: {failure.Reason}");
            return;
        }

        failure = failure with { Reason = Clause(failure.Reason) };
        turn.Record(DecisionKind.Stop, instance.Id.Value, $"{instance.Id} could not be started", failure.Reason + LastWords(failure.OutputTail), trouble: true);
        Fail(turn, instance, failure);
    }

    private void OnExited(DeploymentTurn turn, InstanceState instance, InstanceExit exit)
    {
        var before = instance.Phase;
        instance = turn.Put(instance with { Dead = true, Trouble = Clause(exit.Reason) });
        if (instance.Leaving)
        {
            return;
        }

        var reason = Clause(exit.Reason);
        if (exit is { ExitCode: 0, Cause: ExitCause.OnItsOwn } && !reason.Contains("should keep running", StringComparison.Ordinal))
        {
            reason += ": it ended although it should keep running";
        }

        turn.Record(DecisionKind.Stop, instance.Id.Value, $"{instance.Id} ended", reason + LastWords(exit.OutputTail), trouble: true);
        turn.Do(new DeploymentEffect.Stop(instance.Id, Drain: false));
        instance = turn.Put(instance with { Phase = InstancePhase.Stopping });
        if (before != InstancePhase.Suspect)
        {
            Fail(turn, instance, new StartFailure
            {
                Instance = instance.Id,
                Reason = reason,
                ExitCode = exit.ExitCode,
                OutputTail = exit.OutputTail,
                Incurable = exit.Cause == ExitCause.CommandNotRunnable,
                PortTaken = exit.Cause == ExitCause.PortTaken && before == InstancePhase.Starting,
            });
        }
    }

    private static void OnEnded(DeploymentTurn turn, InstanceState instance, string? problem)
    {
        turn.Drop(instance);
        turn.Record(DecisionKind.Stop, instance.Id.Value, problem is null ? $"{instance.Id} is gone" : $"{instance.Id} could not be ended completely", problem ?? "nothing of it runs any more");
    }

    /// <summary>
    /// Counts a failure, once for each instance: its place falls vacant, and a goal that fails too often is given up. What no further start cures
    /// ends the starts of a revision that never served; one that has served was startable, so it is tried again under the back-off. While a rollout is
    /// paused nothing is given up.
    /// </summary>
    private void Fail(DeploymentTurn turn, InstanceState instance, StartFailure failure)
    {
        if (turn.State is not { Goal: { } goal, Mode: DeploymentMode.Running } || !FleetGroup.IsMeant(turn.State, instance.Revision))
        {
            return;
        }

        var mayGiveUp = instance.Revision == goal.Revision && turn.State.Pause is null;
        turn.State = instance.Revision == goal.Revision ? turn.State with { LastFailure = failure } : turn.State;
        if (failure.PortTaken && instance.Line.PortAttempts < settings.BackOff.PortAttempts)
        {
            var line = instance.Line with { PortAttempts = instance.Line.PortAttempts + 1, NotBefore = TimeSpan.Zero };
            turn.Record(
                DecisionKind.BackOff, instance.Id.Value, "start again on another port, at once", $"a stranger held the port, which is no failure of the plugin: {failure.Reason}",
                new DecisionBasis("attempts < limit", "another port at once", "count it as a failure").With("attempts", instance.Line.PortAttempts).With("limit", settings.BackOff.PortAttempts));
            turn.State = turn.State with { Vacancies = turn.State.Vacancies.Add(new Vacancy(instance.Revision, line)) };
            return;
        }

        if (!instance.Settled)
        {
            MarkSubstituteFailed(turn, instance);
        }

        if (mayGiveUp && failure.Incurable && !turn.State.Proven)
        {
            turn.State = turn.State with { KeepTrying = false };
            GiveUp(turn, failure, failure.Reason);
            return;
        }

        if (IsCanary(turn.State, instance))
        {
            FailCanary(turn, instance, failure);
            return;
        }

        var vacancy = Vacate(turn, instance, failure.Reason);
        var endless = turn.State is { Tickets.Length: 0 } and ({ Proven: true } or { KeepTrying: true });
        if (mayGiveUp && vacancy.Failures >= settings.BackOff.CrashLoopLimit && !endless)
        {
            GiveUp(
                turn, failure, string.Create(CultureInfo.InvariantCulture, $"crash loop, {vacancy.Failures} failures in a row; the last: {failure.Reason}"),
                new DecisionBasis("failures in a row ≥ limit", "give up", "start again").With("failures in a row", vacancy.Failures).With("limit", settings.BackOff.CrashLoopLimit));
        }
    }

    /// <summary>Reasons of backends are whole sentences; here they become parts of others.</summary>
    private static string Clause(string reason) => reason.TrimEnd().TrimEnd('.');

    private BackOffState Vacate(DeploymentTurn turn, InstanceState instance, string reason)
    {
        var served = instance is { Settled: true, Ready: { } ready } ? turn.Now.Uptime - ready.Uptime : TimeSpan.Zero;
        var jitter = settings.Jitter(instance.Id);
        var (vacancy, delay) = BackOffPolicy.OnFailure(settings.BackOff, instance.Line, served, jitter, turn.Now.Uptime);
        var when = delay == TimeSpan.Zero ? "start a substitute at once" : string.Create(CultureInfo.InvariantCulture, $"start a substitute in {delay.TotalSeconds:0.#} s");
        var why = string.Create(CultureInfo.InvariantCulture, $"failure {vacancy.Failures} in a row in this place: {reason}");
        turn.Record(DecisionKind.BackOff, instance.Id.Value, when, why, BackOffPolicy.Basis(settings.BackOff, vacancy.Failures, served, jitter, delay));
        turn.State = turn.State with { Vacancies = turn.State.Vacancies.Add(new Vacancy(instance.Revision, vacancy)) };
        return vacancy;
    }

    /// <summary>Marks one that waits for the substitute which <paramref name="failed"/> was to be; a young one that turns sick itself waits for its own first.</summary>
    private static void MarkSubstituteFailed(DeploymentTurn turn, InstanceState failed)
    {
        if (turn.State.Instances.FirstOrDefault(i => i is { Phase: InstancePhase.Suspect, SubstituteFailed: false } && i.Id != failed.Id && FleetGroup.Together(turn.State, i.Revision, failed.Revision)) is { } sick)
        {
            turn.Put(sick with { SubstituteFailed = true });
        }
    }
}
