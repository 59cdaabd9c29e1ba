using Stormly.Deploy.Model;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>After the injection: everything must settle, with and without a new command, and end.</content>
internal sealed partial class Simulation
{
    private static readonly TimeSpan SettleBound = TimeSpan.FromMinutes(10);

    private bool _ending;
    private int _coldFrom = int.MaxValue;

    /// <summary>Never more instances than the goal in force and the surge allow, unless they leave already; all of them known.</summary>
    private void CheckWorld()
    {
        foreach (var living in _living)
        {
            if (_state.Instances.All(i => i.Id != living.Id))
            {
                throw new SimulationFailure($"{living.Id} lives, but the control plane does not know of it");
            }
        }
    }

    private void Settle()
    {
        Calm = true;
        SettleRollouts();
        SettleSharing();
        _history.World(Now, "nothing is injected any more");
        if (_random.Percent(50))
        {
            Await(IsHealed, "what was wanted", () => LastDeploy());
        }
        else
        {
            LastDeploy();
        }
    }

    private bool IsHealed()
        => _up && (_state.Failure is not null || _state.Goal is null || IsReached(_state.Goal));

    private bool IsReached(FleetGoal goal)
        => _up && _state.Goal?.Revision == goal.Revision && _state.Mode == DeploymentMode.Running && _state.Instances.Length == DeploymentMachine.Needed(_state) && _state.CountReady(goal.Revision) == _state.Instances.Length;

    /// <summary>
    /// An operator who wants the good revision to serve: an instance from before may still end this deployment, as its call says; then it is
    /// deployed again. Each such instance does so once.
    /// </summary>
    private void LastDeploy(int tries = 0)
    {
        if (!_up || _state.Mode != DeploymentMode.Running)
        {
            After(TimeSpan.FromSeconds(1), () => LastDeploy(tries));
            return;
        }

        var size = FleetSize.Of(null).Between(_follows && _random.Percent(60) ? DrawRange() : ScaleRange.Fixed(_random.Between(1, Math.Min(3, Limit))));
        var ticket = Deploy(Revisions, size, keepTrying: false);
        Burst(5);
        var goal = GoalOf(Revisions, size);
        Await(() => _refused.Contains(ticket) || (IsReached(goal) && _tickets.Count == 0 && _open.Count == 0), "the last deploy", Go);

        void Go()
        {
            if (!_refused.Contains(ticket))
            {
                Lull(goal);
            }
            else if (tries < _instances.Count)
            {
                LastDeploy(tries + 1);
            }
            else
            {
                throw new SimulationFailure($"a good revision was given up {tries + 1} times without any fault");
            }
        }
    }

    /// <summary>Where nobody asks it goes to zero, and whoever comes then is answered all the same.</summary>
    private void Lull(FleetGoal goal)
    {
        if (goal.Range is not { Min: 0 })
        {
            Finale(goal);
            return;
        }

        Await(() => _state.Goal!.Wanted == 0 && _state.Instances.IsEmpty, "zero", () =>
        {
            _coldFrom = _requests;
            Burst(5);
            After(Seconds(2), () => Await(() => _open.Count == 0 && IsReached(goal), "the answers to those that came at zero", () => Finale(goal)));
        });
    }

    private void Finale(FleetGoal goal)
    {
        if (_random.Percent(50))
        {
            Crash();
            Await(() => IsReached(goal) && IsSizeOf(goal.Wanted, goal.Range, _state.Goal!), "what was promised, after the host application died,", End);
        }
        else
        {
            End();
        }
    }

    private void End()
    {
        _ending = true;
        TellAll(_random.Percent(50) ? new DeploymentEvent.StopWanted() : new DeploymentEvent.RemoveWanted());
        Await(() => _over, "the end", static () => { });
    }

    private void Await(Func<bool> reached, string what, Action next)
    {
        var bound = Now + SettleBound;
        Look();

        void Look()
        {
            if (reached())
            {
                next();
            }
            else if (Now > bound)
            {
                throw new SimulationFailure($"{what} was not reached within {SettleBound.TotalMinutes} min without any fault");
            }
            else
            {
                After(TimeSpan.FromSeconds(1), Look);
            }
        }
    }

    private void CheckTheEnd()
    {
        if (!_over || _living.Count > 0 || _tickets.Count > 0)
        {
            throw new SimulationFailure($"at the end: over {_over}, {_living.Count} instances, {_tickets.Count} calls");
        }

        foreach (var check in _endChecks)
        {
            check();
        }

        if (_instances.Values.FirstOrDefault(i => i.Live && !_survivors.Contains(i)) is { } live)
        {
            throw new SimulationFailure($"{live.Id} still lives at the end");
        }
    }
}
