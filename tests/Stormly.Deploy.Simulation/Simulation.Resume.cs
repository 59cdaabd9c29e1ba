using Stormly.Deploy.Following;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>
/// A start of the host application, as the facade brings a deployment up: what was coming in is counted before anything else, then what served comes back with its pause and its
/// canary, and what was coming in beside it. In a part of the starts the host application's own code names the plugin, and what its folder holds has a say. The facade waits until a
/// rollout that is held has been taken in before it goes on; here every step is.
/// </content>
internal sealed partial class Simulation
{
    private void RegisterResuming()
    {
        Checks(CheckResumed);
        AtTheEnd(() => Demand(_state.Interrupted is null || _state.Mode != DeploymentMode.Running, "a rollout waits for ever to be taken up again"));
    }

    private void Begin()
    {
        (_up, _born, _state, _demand, _demandNoted) = (true, Now, new DeploymentState { Plugin = _plugin, Revisions = _disk?.Revisions ?? [] }, new PluginDemand(_time), false);
        BeginSharing();
        _diskBusyUntil = Now;
        _forgotten = false;
        _invariants.OnRestart();
        CountComing();
        _toWrite.Clear();
        _document = _disk ?? new SimulatedDocument();
        var life = _life;
        if (AdoptSurvivors() && _disk is { } stored)
        {
            ComeBack(stored, life);
        }

        if (Calm && life == _life && !_ending)
        {
            // Whoever wanted everything to come to an end may have found nobody at home.
            SettleRollouts();
        }
    }

    /// <summary>It is written down first that what was coming in is taken up once more; what was often enough is held, and not counted.</summary>
    private void CountComing()
    {
        if (_disk is { Rollout: { } rollout } && rollout.Resumed <= _settings.Rollout.Resumes)
        {
            _disk = _disk with { Rollout = rollout with { Resumed = rollout.Resumed + 1 } };
        }
    }

    private void ComeBack(SimulatedDocument stored, int life)
    {
        var folder = !Calm && _random.Percent(20) ? AskOfFolder() : null;
        var (rollout, held) = FindComing(stored, folder);
        if (life != _life)
        {
            return;
        }

        if (rollout is not null)
        {
            TakeUp(stored, rollout);
            return;
        }

        if (stored is { Serves: null, Paused: true } or { Serves: null, Canary: not null })
        {
            Step(new DeploymentEvent.Forgone(stored.Paused, stored.Canary?.Revision, "nothing of what ran before the host application ended comes back"));
            if (life != _life)
            {
                return;
            }
        }

        if (stored.Serves is null && (held is not null || folder is null))
        {
            Step(new DeploymentEvent.Unusable(held ?? "nothing of it served before the host application ended"));
        }
        else if (folder is null)
        {
            Restore(stored);
        }
        else
        {
            ComeBack(stored, folder, life);
        }
    }

    /// <summary>What served, unless the folder holds something else that may be deployed by itself.</summary>
    private void ComeBack(SimulatedDocument stored, FleetGoal folder, int life)
    {
        if (stored.Serves is { } serves)
        {
            var mayNot = serves.Revision != folder.Revision && ByItself.WhyNot(_state.Revisions, folder.Revision, stored.Canary?.Revision) is not null;
            Restore(stored, serve: mayNot || serves.Revision == folder.Revision || _state.Instances.Length > 0);
            if (life != _life || mayNot || serves.Revision == folder.Revision)
            {
                return;
            }
        }

        NoteAsked(folder);
        Step(new DeploymentEvent.DeployWanted(folder, [], KeepTrying: stored.Serves is null));
    }

    /// <summary>What the plugin's folder holds, with the number that the code gives.</summary>
    private FleetGoal AskOfFolder()
    {
        var number = _random.Between(1, Revisions);
        return GoalOf(number, DrawSize(number));
    }

    /// <summary>What comes in again, or why it does not; neither where nothing was coming in.</summary>
    private (DeploymentEvent.TakenUp? Rollout, string? Held) FindComing(SimulatedDocument stored, FleetGoal? folder)
    {
        if (stored.Rollout is not { } rollout || rollout.Goal.Revision == stored.Serves?.Revision)
        {
            return (null, null);
        }

        if (folder is not null && folder.Revision != rollout.Goal.Revision)
        {
            Step(new DeploymentEvent.RolloutHeld(rollout.Goal.Revision, "the plugin's folder holds another revision", Failed: false));
            return (null, null);
        }

        if (rollout.Resumed > _settings.Rollout.Resumes)
        {
            var why = $"the host application died {rollout.Resumed} times";
            Step(new DeploymentEvent.RolloutHeld(rollout.Goal.Revision, why, Failed: true, ForGood: stored.Serves is null));
            return (null, why);
        }

        if (folder is not null)
        {
            NoteAsked(folder);
        }

        return (new DeploymentEvent.TakenUp(folder ?? rollout.Goal, rollout.KeepTrying, rollout.Resumed, stored.Paused), null);
    }

    private void TakeUp(SimulatedDocument stored, DeploymentEvent.TakenUp rollout)
    {
        if (stored.Serves is null)
        {
            Step(rollout);
        }
        else
        {
            Restore(stored, rollout: rollout);
        }
    }

    /// <summary>As it was stored: paused where it was, and with what was tried out beside it unless another revision takes the place of what served.</summary>
    private void Restore(SimulatedDocument stored, bool serve = true, DeploymentEvent.TakenUp? rollout = null)
    {
        Demand(!stored.Serves!.IsTooMuch, $"the backend cannot run what is stored, so it would not come back: {stored.Serves}");
        serve = serve || stored.Paused;
        var canary = serve && stored.Canary is { } tried ? new DeploymentEvent.CanaryWanted(tried.Goal, tried.Spec, [], Back: true) : null;
        if (canary is null && stored.Canary is { } lost)
        {
            var life = _life;
            Step(new DeploymentEvent.Forgone(Pause: false, lost.Revision, "the plugin's folder holds another revision"));
            if (life != _life)
            {
                return;
            }
        }

        Step(new DeploymentEvent.Restored(stored.Serves!, serve, stored.Paused, canary, rollout));
    }

    private void CheckResumed(SimulatedStep step)
    {
        if (step.News is DeploymentEvent.RolloutHeld { ForGood: true })
        {
            Demand(step.Effects.All(e => e is not DeploymentEffect.Undertake), "a rollout that is held for good is forgotten, and the next start would try it");
        }

        var taken = step.News as DeploymentEvent.TakenUp ?? (step.News as DeploymentEvent.Restored)?.Rollout;
        if (taken is not null)
        {
            Demand(taken.Times <= _settings.Rollout.Resumes, "a rollout is taken up for ever");
            Demand(RolloutState.Of(step.After)?.Goal.Revision == taken.Goal.Revision, "a rollout that was under way is neither taken up again nor given up");
            Demand(RolloutState.Of(step.After)!.Resumed == taken.Times, "it is not counted how often a rollout was taken up");
        }

        if (step.After is { Interrupted.Rollout.Goal: var waits } && step.After.Mode == DeploymentMode.Running)
        {
            Demand(waits.Revision != step.After.Goal?.Revision, "a rollout waits for itself");
            Demand(step.Effects.All(e => e is not DeploymentEffect.Start start || start.Revision != waits.Revision), "a revision was started before its turn came");
        }
    }
}
