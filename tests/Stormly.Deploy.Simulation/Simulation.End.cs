using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Simulation;

/// <content>After the injection: everything must settle, with and without a new command, and end.</content>
internal sealed partial class Simulation
{
    private static readonly TimeSpan SettleBound = TimeSpan.FromMinutes(10);

    private bool _ending;

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
        => _up && _state.Goal?.Revision == goal.Revision && _state.Mode == DeploymentMode.Running && _state.Instances.Length == _state.Goal.Wanted && _state.CountReady(goal.Revision) == _state.Goal.Wanted;

    private void LastDeploy()
    {
        if (!_up || _state.Mode != DeploymentMode.Running)
        {
            After(TimeSpan.FromSeconds(1), LastDeploy);
            return;
        }

        Deploy(Revisions, _random.Between(1, 3), keepTrying: false);
        Burst(5);
        var goal = _state.Goal!;
        Await(() => IsReached(goal) && _tickets.Count == 0 && _open.Count == 0, "the last deploy", () => Finale(goal));
    }

    private void Finale(FleetGoal goal)
    {
        if (_random.Percent(50))
        {
            Crash();
            Await(() => IsReached(goal) && _state.Goal!.Wanted == goal.Wanted, "what was promised, after the host application died,", End);
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
        if (!_over || _living.Count > 0 || _tickets.Count > 0 || _open.Count > 0 || _waiting.Count > 0)
        {
            throw new SimulationFailure($"at the end: over {_over}, {_living.Count} instances, {_tickets.Count} calls, {_open.Count} requests");
        }

        if (_instances.Values.FirstOrDefault(i => i.Live) is { } live)
        {
            throw new SimulationFailure($"{live.Id} still lives at the end");
        }
    }
}
