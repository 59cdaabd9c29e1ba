using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>
/// What was coming in when the host application died lies on the disk in the same document as what served, and every start counts that it takes it up again before it does
/// anything else. A write that did not end before the death is lost, as one that a crash tears is.
/// </content>
internal sealed partial class Simulation
{
    private RolloutState? _coming;
    private RolloutState? _comingStored;

    private void RegisterResuming()
    {
        Does<DeploymentEffect.Undertake>(Undertake);
        Checks(CheckResumed);
        AtTheEnd(() => Demand(_state.Interrupted is null || _state.Mode != DeploymentMode.Running, "a rollout waits for ever to be taken up again"));
    }

    private void Undertake(DeploymentEffect.Undertake undertake)
    {
        _coming = undertake.Rollout;
        var fails = !Calm && _random.Percent(7);
        OnDisk(() =>
        {
            if (fails)
            {
                Tell(TimeSpan.Zero, new DeploymentEvent.Noted(DecisionKind.Deploy, _plugin.Value, "go on without having stored what is coming in", "the disk is full"));
                return;
            }

            _comingStored = _coming;
            _history.World(Now, $"stored that {_coming?.Goal.Revision.Short ?? "nothing"} comes in");
        });
    }

    /// <summary>The next run counts first, and takes up what it does not hold.</summary>
    /// <returns>What comes in again; null where nothing does, or the run did not live that long.</returns>
    private DeploymentEvent.TakenUp? CountComing()
    {
        _coming = _comingStored = _comingStored is { } stored && stored.Goal.Revision != _disk?.Revision ? stored with { Resumed = stored.Resumed + 1 } : null;
        if (_coming is not { } rollout)
        {
            return null;
        }

        if (rollout.Resumed <= _settings.Rollout.Resumes)
        {
            return new DeploymentEvent.TakenUp(rollout.Goal, rollout.KeepTrying, rollout.Resumed);
        }

        _history.World(Now, $"{rollout.Goal.Revision.Short} is held");
        Step(new DeploymentEvent.RolloutHeld(rollout.Goal.Revision, $"the host application died {rollout.Resumed} times", Failed: true));
        return null;
    }

    private void CheckResumed(SimulatedStep step)
    {
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
