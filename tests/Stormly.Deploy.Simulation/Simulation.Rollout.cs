using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Rollout;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>Pauses and canaries: no revision takes the place of another unless somebody says so, and a canary gets requests only while it stands.</content>
internal sealed partial class Simulation
{
    private static readonly CanarySpills Spills = new(PluginName.Parse("churn"), null);

    private readonly RolloutPromises _promises = new();

    private void RegisterRollouts()
    {
        Injects(5, "an operator pauses", () => CallRollout(t => new DeploymentEvent.PauseWanted(t)));
        Injects(5, "an operator resumes", () => CallRollout(t => new DeploymentEvent.ResumeWanted(t)));
        Injects(9, "an operator tries a revision out", TryOut);
        Injects(3, "an operator changes a canary's share", ShareAnew);
        Injects(4, "an operator promotes a canary", () => CallRollout(t => new DeploymentEvent.PromoteWanted(t)));
        Injects(3, "an operator aborts a canary", () => CallRollout(t => new DeploymentEvent.AbortWanted(null, t)));
        Does<DeploymentEffect.ReadCanary>(ReadCanary);
        Checks(CheckCanary);
        Checks(_promises.Check);
        Checks(CheckPause);
    }

    /// <summary>What must not stand when everything is to come to an end.</summary>
    private void SettleRollouts()
    {
        CallRollout(t => new DeploymentEvent.ResumeWanted(t));
        CallRollout(t => new DeploymentEvent.AbortWanted(null, t));
    }

    /// <summary>A call about rollouts: what it was promised is noted when it is answered.</summary>
    private void CallRollout(Func<ImmutableArray<long>, DeploymentEvent> call)
    {
        if (!_up || _state.Mode != DeploymentMode.Running)
        {
            return;
        }

        _invariants.OnCommand();
        var (ticket, news) = (++_lastTicket, call([_lastTicket]));
        var then = _promises.OnCall(news, _state);
        _tickets.Add(ticket, (0, null, then));
        Step(news);
    }

    private void ShareAnew()
    {
        var share = _random.Between(1, 99);
        CallRollout(t => new DeploymentEvent.CanaryShareWanted(share, t));
    }

    private void TryOut()
    {
        var number = _random.Between(1, Revisions);
        var rule = _random.Percent(40) ? new CanaryRule { MinRequests = 10, MinTime = TimeSpan.Zero, Interval = Seconds(_random.Between(1, 5)), MaxTime = Seconds(60), WhenUndecided = CanaryUndecided.Abort } : null;
        var goal = new FleetGoal(Revision(number), 1, _ceilings[number], CeilingReason(_ceilings[number]), RuntimeOf(number));
        var spec = new CanarySpec { SharePercent = _random.Between(1, 99), Rule = rule };
        CallRollout(t => new DeploymentEvent.CanaryWanted(goal, spec, t));
    }

    private void ReadCanary(DeploymentEffect.ReadCanary read)
    {
        var figures = new TrafficFigures(_random.Between(0, 300), _random.Percent(30) ? 10 : 0, Seconds(0.1));
        Tell(TimeSpan.Zero, new DeploymentEvent.CanaryRead(read.Window, figures with { Requests = figures.Requests + figures.Failures }, new(500, 0, Seconds(0.1))));
    }

    private static CanaryRoute? DivideRoute(CanaryPlan? plan, RouteTarget[] targets) => plan is null ? null : new CanaryRoute
    {
        Share = plan.Share,
        Salt = plan.Revision.Digest,
        Keys = plan.Keys,
        Spills = Spills,
        Targets = [.. targets.Where(t => plan.Targets.Contains(t.Instance))],
        Stable = [.. targets.Where(t => plan.Stable.Contains(t.Instance))],
    };

    /// <summary>A canary stands beside a revision that serves; once it is over its instances leave, unless it took that revision's place.</summary>
    private void CheckCanary(SimulatedStep step)
    {
        var (before, after) = (step.Before.Canary, step.After.Canary);
        if (before is not null && before.Revision == step.After.Goal?.Revision)
        {
            // Whether an operator promoted it or its rule did: it counts as a deploy of the number that was wanted.
            _lastDeploy[before.Revision] = ++_commands;
            _numbers.Add((_commands, step.After.Goal.Wanted, step.After.Goal.Range));
            Require(after is null, "a canary is its own stable side");
        }
        else if (before is not null && after?.Revision != before.Revision && step.After.Mode == DeploymentMode.Running)
        {
            Require(step.After.Instances.All(i => i.Leaving || i.Revision != before.Revision), "a canary was ended, and an instance of it stays");
            Require(step.Effects.Any(e => e is DeploymentEffect.Record { Kind: DecisionKind.Canary }), "a canary was ended without a decision");
        }

        if (after is not null)
        {
            Require(step.After is { Proven: true, Failure: null } || step.After.Mode != DeploymentMode.Running, "a canary stands beside nothing that serves as a whole");
            Require(after.Routed <= Math.Max(after.Spec.Share, before?.Routed ?? 0), "more is routed to a canary than it should get");
        }
    }

    /// <summary>While it is paused nothing is started of a revision that did not run, nothing is given up, and time does not count.</summary>
    private static void CheckPause(SimulatedStep step)
    {
        if (step is not { Before.Pause: { } before, After: { Pause: { } after, Mode: DeploymentMode.Running } state })
        {
            return;
        }

        Require(state.ProgressDeadline is null, "a deadline runs although rollouts are paused");
        Require(state.Failure is null || state.Failure == step.Before.Failure, "starts were given up although rollouts are paused");
        foreach (var start in step.Effects.OfType<DeploymentEffect.Start>())
        {
            Require(after.Of(start.Revision) > 0 || (state.Canary ?? step.Before.Canary)?.Revision == start.Revision, $"revision {start.Revision.Short} came in although rollouts are paused");
        }

        var moved = before.Wanted == after.Wanted && step.News is not DeploymentEvent.DeployWanted && before.Held.Any(h => after.Of(h.Revision) != h.Instances);
        Require(!moved, "revisions were exchanged although rollouts are paused");
    }

    private static void Require(bool holds, string broken)
    {
        if (!holds)
        {
            throw new SimulationFailure(broken);
        }
    }
}
