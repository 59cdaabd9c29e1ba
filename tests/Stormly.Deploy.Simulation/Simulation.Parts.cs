using System.Collections.Immutable;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>
/// Where the parts of the simulated world hook in. A part is a file of its own, <c>Simulation.NAME.cs</c>, with one method that says what it injects
/// (<see cref="Injects"/>), how it carries out effects that are its own (<see cref="Does{TEffect}"/>), what must hold after every step
/// (<see cref="Checks"/>) and at the end (<see cref="AtTheEnd"/>); <see cref="Register"/> calls that method. Whatever draws from the seed, a new
/// injection among it, changes the histories of all seeds: a seed that failed once means another world afterwards. So every fault that a seed found
/// gets a played timeline of its own beside the machine's tests, which no change of draws can take away.
/// </content>
internal sealed partial class Simulation
{
    private readonly List<(int Weight, string Name, Action Do)> _injections = [];
    private readonly Dictionary<Type, Action<DeploymentEffect>> _does = [];
    private readonly List<Action<SimulatedStep>> _checks = [];
    private readonly List<Action> _endChecks = [];

    /// <summary>All parts; the order is part of what a seed means.</summary>
    private void Register(ulong seed)
    {
        RegisterHost();
        RegisterDisk();
        RegisterCommands();
        RegisterTraffic();
        RegisterCrashes();
        RegisterTrouble();
        RegisterHealing();
        RegisterAdoption();
        RegisterFollowing(seed);
        RegisterRollouts();
        RegisterExamples(seed);
        RegisterResuming();
        RegisterScaling();
        RegisterSharing();
        _checks.Add(step => _invariants.Check(step.Before, step.News, step.Effects, step.After, step.At));
        _checks.Add(new StoryInvariants().Check);
    }

    /// <summary>Something that may be done to the world while faults are injected.</summary>
    /// <param name="weight">How often, beside the weights of all others.</param>
    /// <param name="name">For the timeline of a failing seed.</param>
    /// <param name="act">Does it. Draws come from the seed only; nothing is drawn where it cannot be done.</param>
    private void Injects(int weight, string name, Action act) => _injections.Add((weight, name, act));

    /// <summary>How an effect is carried out.</summary>
    private void Does<TEffect>(Action<TEffect> act)
        where TEffect : DeploymentEffect => _does.Add(typeof(TEffect), effect => act((TEffect)effect));

    /// <summary>What must hold after every step, before its effects are carried out; throws <see cref="SimulationFailure"/> where it does not.</summary>
    private void Checks(Action<SimulatedStep> check) => _checks.Add(check);

    /// <summary>What must hold when everything has ended.</summary>
    private void AtTheEnd(Action check) => _endChecks.Add(check);

    private void InjectOne()
    {
        if (Calm)
        {
            return;
        }

        var drawn = _random.Next(_injections.Sum(i => i.Weight));
        foreach (var (weight, name, act) in _injections)
        {
            if ((drawn -= weight) < 0)
            {
                _history.World(Now, name);
                act();
                return;
            }
        }
    }

    private void Act(DeploymentEffect effect)
    {
        if (_does.TryGetValue(effect.GetType(), out var act))
        {
            act(effect);
        }
    }

    private void CheckStep(DeploymentState before, DeploymentEvent news, ImmutableArray<DeploymentEffect> effects)
    {
        var step = new SimulatedStep(before, news, effects, _state, Uptime);
        foreach (var check in _checks)
        {
            check(step);
        }
    }
}
