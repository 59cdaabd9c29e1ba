using System.Collections.Immutable;
using Stormly.Deploy.Health;
using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>How often something is started, and how many are there when it is.</content>
internal sealed partial class Invariants
{
    private readonly int _startsPerMinute = StartsWithin(settings.BackOff, TimeSpan.FromSeconds(60));
    private readonly Queue<TimeSpan> _starts = new();
    private readonly Queue<TimeSpan> _ordered = new();
    private int _portsTaken;
    private int _places;

    /// <summary>Somebody wanted something: starts that follow from it are no repetition.</summary>
    public void OnCommand()
    {
        _starts.Clear();
        _ordered.Clear();
        (_portsTaken, _places) = (0, 0);
    }

    /// <summary>A command begins the count anew; load that asks for more allows that many starts more, unless places wait because instances failed there.</summary>
    private void NoteOrder(DeploymentEvent news, int before, int after, int vacant, TimeSpan now)
    {
        if (news is not DeploymentEvent.Demand)
        {
            OnCommand();
            return;
        }

        for (var more = after - before - vacant; more > 0; more--)
        {
            _ordered.Enqueue(now);
        }
    }

    /// <summary>A start that was stopped because the deployment's part of the machine fell did not fail: the one after it, when the part rises again, is no repetition of a failure.</summary>
    private void NoteMadeWay(DeploymentState before, DeploymentState after, TimeSpan now)
    {
        if (before.Share?.Instances > after.Share?.Instances)
        {
            foreach (var _ in before.Instances.Where(i => i.Phase == InstancePhase.Starting && after.Instances.Any(a => a.Id == i.Id && a is { Leaving: true, Dead: false })))
            {
                _ordered.Enqueue(now);
            }
        }
    }

    private void CheckStarts(DeploymentState before, ImmutableArray<DeploymentEffect> effects, DeploymentState after, TimeSpan now)
    {
        NoteMadeWay(before, after, now);
        var starts = effects.Count(e => e is DeploymentEffect.Start);
        _portsTaken += effects.Count(e => e is DeploymentEffect.Record { Kind: DecisionKind.BackOff, What: "start again on another port, at once" });
        if (starts == 0)
        {
            return;
        }

        Require(before.Mode == DeploymentMode.Running && after.Mode == DeploymentMode.Running, "an instance was started although all should end");
        Require(after.Failure is null, "an instance was started although starts were given up");
        var groups = FleetGroup.Of(after);

        // What was tried out until this very step was no part of what serves when the starts were decided; it leaves, and counts there from the next step on.
        var tried = before.Canary is { } canary && after.Canary?.Revision != canary.Revision && after.Goal?.Revision != canary.Revision ? canary.Revision : null;
        foreach (var group in groups.Where(g => effects.Any(e => e is DeploymentEffect.Start start && start.Revision == g.Revision)))
        {
            var beside = effects.Count(e => e is DeploymentEffect.Start start && start.Revision != group.Revision);
            CheckGroup(group, [.. after.Instances.Where(i => i.Revision != tried && group.Holds(groups, i))], after.Instances.Length - beside);
        }

        _places = Math.Max(_places, groups.Sum(g => g.Wanted));
        for (var i = 0; i < starts; i++)
        {
            _starts.Enqueue(now);
        }

        Forget(_starts, now - TimeSpan.FromSeconds(60));
        Forget(_ordered, now - TimeSpan.FromSeconds(60));
        Require(_starts.Count - _portsTaken - _ordered.Count <= _startsPerMinute * _places, $"{_starts.Count} starts within a minute for {_places} places");
    }

    private static void Forget(Queue<TimeSpan> times, TimeSpan until)
    {
        while (times.TryPeek(out var oldest) && oldest <= until)
        {
            times.Dequeue();
        }
    }

    /// <summary>Of the revisions that are meant to run beside each other, each by itself.</summary>
    private void CheckGroup(FleetGroup group, ImmutableArray<InstanceState> instances, int all)
    {
        var alive = instances.Count(i => !i.Dead);
        Require(alive <= group.Wanted + settings.Rollout.MaxSurge, $"{alive} instances live, {group.Wanted} are wanted and the surge is {settings.Rollout.MaxSurge}");
        Require(group.Held || all <= group.Ceiling, $"{all} instances are there, and the backend can run {group.Ceiling}");
        var coming = instances.Count(i => i is { Phase: InstancePhase.Starting or InstancePhase.Ready, Dead: false } && i.Revision == group.Revision);
        Require(coming <= group.Wanted, $"{coming} instances are ready or on their way, and {group.Wanted} are wanted: one failure was answered twice");
    }

    /// <summary>How often the back-off lets one place start within a time, where every start fails at once.</summary>
    private static int StartsWithin(BackOffOptions options, TimeSpan time)
    {
        var (line, now, starts) = (BackOffState.None, TimeSpan.Zero, 1);
        while (true)
        {
            (line, var wait) = BackOffPolicy.OnFailure(options, line, TimeSpan.Zero, jitter: 0, now);
            now += wait;
            if (now >= time)
            {
                return starts;
            }

            starts++;
        }
    }
}
