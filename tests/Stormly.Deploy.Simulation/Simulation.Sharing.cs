using System.Collections.Immutable;
using Stormly.Deploy.Model;
using Stormly.Deploy.Routing;
using Stormly.Deploy.Runtime;
using Stormly.Deploy.Scaling;

namespace Stormly.Deploy.Simulation;

/// <content>
/// In a part of the worlds the machine is shared out: another deployment, whose load comes and goes, has a part of it, and the real planner decides. The other
/// one does as it is told, after a while.
/// </content>
internal sealed partial class Simulation
{
    private const string Other = "other";

    private readonly Dictionary<string, MachineStanding> _standings = new(StringComparer.Ordinal);
    private MachineLimits? _limits;
    private MachineTenant _other = new() { Plugin = Other };
    private int _otherPresent;

    /// <summary>How many instances may live at once.</summary>
    private int Limit => _limits?.MaxInstances ?? 5;

    private void RegisterSharing()
    {
        if (!_random.Percent(25))
        {
            return;
        }

        _limits = new MachineLimits { MaxInstances = _random.Between(1, 6), IdleAfter = Seconds(_random.Between(1, 3)), Turn = Seconds(_random.Between(1, 30)) };
        Injects(10, "another deployment has requests", () => Busy(_random.Between(1, 6), _random.Between(1, 10)));
        Injects(6, "another deployment has none", () => Busy(_random.Between(0, 2), 0));
        Checks(CheckShare);
    }

    private void Busy(int wish, int present)
    {
        _otherPresent = present;
        _other = _other with { Wish = wish };
    }

    /// <summary>The other deployment leaves, so that nothing stands in the way of what is wanted.</summary>
    private void SettleSharing() => Busy(0, 0);

    /// <summary>A host application that begins knows of no part, and the other deployment has no instance.</summary>
    private void BeginSharing()
    {
        if (_limits is null)
        {
            return;
        }

        _standings.Clear();
        _other = _other with { Live = 0, Granted = 0 };
        _state = _state with { Share = MachineShare.None };
        Watch(_life);

        void Watch(int life) => After(Seconds(1), () =>
        {
            if (_up && life == _life)
            {
                ShareOut();
                Watch(life);
            }
        });
    }

    /// <summary>As the fleet does: everybody is looked at, the plan is made, and who gets another part is told so.</summary>
    private void ShareOut()
    {
        if (_limits is null || !_up)
        {
            return;
        }

        ImmutableArray<MachineTenant> tenants = [Look(DeploymentMachine.AsTenant(_state, _settings.Rollout.MaxSurge), _state.Share, _demand.Read()), Look(_other, null, new DemandReading(0, 0, _otherPresent, 0, 0))];
        var grants = MachinePlanner.Plan(_limits, tenants);
        if (_standings[_plugin.Value].ToTell(tenants[0], _state.Share, grants[0]) is { } share)
        {
            _standings[_plugin.Value] = _standings[_plugin.Value] with { Told = share };
            Tell(_random.Milliseconds(0, 20), new DeploymentEvent.Allowed(share));
        }

        _other = _other with { Granted = grants[1].Instances };
        if (_other.Live != Math.Min(_other.Wish, _other.Granted))
        {
            After(_random.Milliseconds(0, 2000), MoveOther);
        }
    }

    private MachineTenant Look(MachineTenant tenant, MachineShare? read, DemandReading demand)
    {
        var (standing, looked) = (_standings.GetValueOrDefault(tenant.Plugin) ?? new MachineStanding()).Look(tenant, read, demand, Uptime);
        _standings[tenant.Plugin] = standing;
        return looked;
    }

    private void MoveOther() => _other = _other with { Live = Math.Min(_other.Wish, _other.Granted) };

    private void CheckShare(SimulatedStep step)
    {
        var taken = step.After.Instances.Length + _other.Live;
        Demand(taken <= Math.Max(Limit, step.Before.Instances.Length + _other.Live), $"{taken} instances live on a machine that has room for {Limit}");
        CheckMadeRoom(step);
        if (step.Effects.Any(e => e is DeploymentEffect.Start))
        {
            Demand(taken <= Limit, $"an instance was started, and {taken} live on a machine that has room for {Limit}");
            Demand(step.After.Share is not null && step.After.Instances.Length <= step.After.Share.Instances, "an instance was started beyond the part of the machine");
        }
    }

    /// <summary>Where the last one that serves goes to make room, there really is none: whatever the control plane was told.</summary>
    private void CheckMadeRoom(SimulatedStep step)
    {
        if (step is not { After: { Mode: DeploymentMode.Running, Failure: null, Goal: { } goal } } || DeploymentMachine.Within(step.After, goal).Wanted == 0 || step.After.Instances.Any(i => i is { Phase: InstancePhase.Ready, Dead: false }))
        {
            return;
        }

        // What was only tried out goes because somebody ended that, and makes room for nothing.
        var ended = step.Before.Canary?.Revision is { } tried && step.News is DeploymentEvent.AbortWanted && step.After.Canary is null && goal.Revision != tried ? tried : null;
        var taken = step.Before.Instances.Where(i => i is { Phase: InstancePhase.Ready, Dead: false, Ejected: false } && i.Revision != ended && step.After.Instances.Any(a => a.Id == i.Id && a is { Leaving: true, Dead: false })).ToList();
        var sick = taken.Any(i => step.Effects.Any(e => e is DeploymentEffect.Record { Kind: DecisionKind.Replace } r && r.Subject == i.Id.Value));
        var full = step.Before.Instances.Length + Math.Max(_other.Live, _other.Granted) >= Limit;
        var own = Math.Min(RevisionRoom.Of(step.After, goal), taken.Select(i => i.Ceiling).DefaultIfEmpty(int.MaxValue).Min()) <= step.Before.Instances.Length;
        Demand(taken.Count == 0 || sick || full || own || _settings.Rollout.MaxSurge == 0 || _settings.Rollout.MaxUnavailable > 0, "the last one that serves goes to make room, and the machine has room");
    }
}
